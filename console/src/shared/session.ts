// Who acts here. On loopback without users every request is the local administrator's.
export const me = { name: 'local-admin', label: 'you' };

export function personText(name: string | null | undefined): string {
  if (!name) return 'nobody';
  return name === me.name ? me.label : name;
}
