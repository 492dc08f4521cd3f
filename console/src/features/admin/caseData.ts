// What people tell the agents: policy, changes and advisories, as it is typed, shown and sent.
import { queryOptions } from '@tanstack/react-query';
import { ApiError, faultsOf, get, post, send } from '@/shared/api/http';
import type { components } from '@/shared/api/schema';

type Schemas = components['schemas'];
export type CustomerPolicy = Schemas['CustomerPolicy'];
export type Change = Schemas['Change'];
export type Advisory = Schemas['Advisory'];

const kPolicy = '/api/v1/settings/customer-policy';

export const policyQuery = queryOptions({
  queryKey: ['customer-policy'],
  queryFn: ({ signal }) => send<CustomerPolicy>(kPolicy, { signal }),
});

export const changesQuery = queryOptions({
  queryKey: ['changes'],
  queryFn: ({ signal }) => get<{ items: Change[]; total?: number }>('/api/v1/changes?limit=500', signal),
});

export const advisoriesQuery = queryOptions({
  queryKey: ['advisories'],
  queryFn: ({ signal }) => get<{ items: Advisory[]; total?: number }>('/api/v1/advisories', signal),
});

export type Part = 'allow_list' | 'rate_limits' | 'maintenance_windows';

// As it is sent: the ids are the server's.
export interface PolicyInput {
  allow_list: Omit<CustomerPolicy['allow_list'][number], 'id'>[];
  rate_limits: (Omit<CustomerPolicy['rate_limits'][number], 'id' | 'applies_to'> & { applies_to?: string })[];
  maintenance_windows: Omit<CustomerPolicy['maintenance_windows'][number], 'id'>[];
  settings: Record<string, string>;
}

export function inputOf(policy: CustomerPolicy): PolicyInput {
  return {
    allow_list: policy.allow_list.map(({ value, reason, expires_at }) => ({ value, reason, expires_at })),
    rate_limits: policy.rate_limits.map(({ name, applies_to, per_minute }) => ({
      name,
      per_minute,
      ...(applies_to === '' ? {} : { applies_to }),
    })),
    maintenance_windows: policy.maintenance_windows.map(({ title, from, until, resources }) => ({
      title,
      from,
      until,
      resources,
    })),
    settings: policy.settings,
  };
}

// The whole is replaced, on the version that was read: nothing that others set meanwhile is lost.
export async function changePolicy(edit: (input: PolicyInput) => PolicyInput): Promise<void> {
  const { body, etag } = await send<CustomerPolicy>(kPolicy);
  await send(kPolicy, { method: 'PUT', json: edit(inputOf(body)), ifMatch: etag });
}

export const without =
  (policy: CustomerPolicy, part: Part, id: string) =>
  (input: PolicyInput): PolicyInput => {
    // By what it says: the version that is edited may be newer than the one that was looked at.
    const gone = JSON.stringify(
      inputOf({ ...policy, [part]: policy[part].filter((row) => row.id === id) })[part][0],
    );
    return { ...input, [part]: input[part].filter((row) => JSON.stringify(row) !== gone) };
  };

export const addChange = (json: unknown) => post('/api/v1/changes', json);
export const addAdvisory = (json: unknown) => post('/api/v1/advisories', json);
export const removeAdvisory = (id: string) =>
  send(`/api/v1/advisories/${encodeURIComponent(id)}`, { method: 'DELETE' });

export type Values = Readonly<Record<string, string>>;

// "web-01, web-02" and lines: what a person types for several.
export const listOf = (text = ''): string[] =>
  text
    .split(/[,\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

// Of a field of date and time, which is typed in UTC; what is no time goes as it is, and the server says so.
export const timeOf = (text = ''): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? `${text}:00Z` : text;

// What was left empty is not sent.
export function filled(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

// What the server says of a field, wherever in the policy its entry stands: "allow_list/3/value" is of "value".
export function faultAt(error: unknown, name: string): string | undefined {
  const faults = [...faultsOf(error)];
  return faults.find(([pointer]) => pointer.split('/').some((part) => part === name))?.[1];
}

export const isStale = (error: unknown): boolean => error instanceof ApiError && error.status === 412;
