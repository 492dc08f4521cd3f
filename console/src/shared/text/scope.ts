// The part of a tenant that somebody sees, in words and from words.
import type { RoleName, Scope } from '@/shared/api/wire';

export const namesIn = (text: string): string[] =>
  [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');

export const isPart = (scope: Scope | null | undefined): boolean =>
  (scope?.sources ?? []).length + (scope?.asset_groups ?? []).length > 0;

export function scopeText(scope: Scope | null | undefined): string {
  const parts = [
    ['source', scope?.sources ?? []],
    ['asset group', scope?.asset_groups ?? []],
  ] as const;
  const said = parts
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}${names.length > 1 ? 's' : ''} ${names.join(', ')}`);
  return said.length > 0 ? `only ${said.join(' and ')}` : 'the whole tenant';
}

// The other roles are for a whole tenant: the server refuses them one.
export const canHaveScope = (role: RoleName): boolean =>
  role === 'viewer' || role === 'responder' || role === 'analyst' || role === 'senior';
