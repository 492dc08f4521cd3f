// The form's values, what is sent of them, and where the server's faults belong.
export const entityKinds = [
  'user',
  'host',
  'ip',
  'domain',
  'url',
  'hash',
  'email',
  'file',
  'process',
  'account',
  'cloud_resource',
  'cve',
  'mac',
] as const;
export const entityRoles = ['target', 'actor', 'source', 'destination', 'related'] as const;

export interface DraftEntity {
  key: number;
  kind: string;
  value: string;
  role: string;
}

export interface Draft {
  title: string;
  severity: string;
  description: string;
  occurred_at: string;
  reported_by: string;
  note: string;
  entities: DraftEntity[];
}

export const emptyDraft: Draft = {
  title: '',
  severity: '',
  description: '',
  occurred_at: '',
  reported_by: '',
  note: '',
  entities: [],
};

let nextKey = 1;

export function newEntity(): DraftEntity {
  return { key: nextKey++, kind: 'user', value: '', role: 'target' };
}

export function toInput({ entities, ...texts }: Draft): Record<string, unknown> {
  const filled = Object.entries(texts)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== '');
  return {
    source: 'manual',
    ...Object.fromEntries(filled),
    entities: entities.map(({ kind, value, role }) => ({ kind, value: value.trim(), role })),
  };
}
