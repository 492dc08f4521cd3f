// Which kind a value is most likely of; the analyst may say otherwise.
export const kinds = [
  'host',
  'ip',
  'user',
  'email',
  'domain',
  'url',
  'hash',
  'cve',
  'file',
  'process',
  'account',
  'cloud_resource',
  'mac',
] as const;

const shapes: readonly [RegExp, (typeof kinds)[number]][] = [
  [/^cve-\d{4}-\d{4,}$/i, 'cve'],
  [/^[a-z][a-z0-9+.-]*:\/\//i, 'url'],
  [/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i, 'mac'],
  [/^\d{1,3}(\.\d{1,3}){3}$/, 'ip'],
  [/^[0-9a-f]*:[0-9a-f:.]*$/i, 'ip'],
  [/^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i, 'hash'],
  [/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'email'],
  [/\\/, 'user'],
  [/^[a-z]+$/i, 'user'],
  [/^([\w-]+\.)+[a-z]{2,}$/i, 'domain'],
];

export function guessKind(value: string): (typeof kinds)[number] {
  return shapes.find(([shape]) => shape.test(value.trim()))?.[1] ?? 'host';
}
