// What the Audit screen asks for, and what it says of a record.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, query } from '@/shared/api/http';
import type { AuditActions, AuditHeads, AuditRecord, Page } from '@/shared/api/wire';

export interface Filter {
  text: string;
  actor: string;
  action: string;
  object: string;
  from: string; // as typed: a day or a time, UTC
  until: string;
}

export const filterNames = ['text', 'actor', 'action', 'object', 'from', 'until'] as const;

export const isFiltered = (filter: Filter): boolean => filterNames.some((name) => filter[name] !== '');

// "2026-01-04", "2026-01-04 12:30" or RFC 3339 as RFC 3339; null for anything else.
export const timeOf = (typed: string): string | null => {
  const text = typed.trim().replace(' ', 'T');
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(whole) ? whole : `${whole}Z`;
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(zoned) ? Date.parse(zoned) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
};

// A time that cannot be read is sent as it is: the server says what is wrong with it.
const parametersOf = (filter: Filter) => ({
  ...filter,
  from: timeOf(filter.from) ?? filter.from,
  until: timeOf(filter.until) ?? filter.until,
});

export const auditQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      get<Page<AuditRecord>>(
        `/api/v1/audit${query({ limit: 100, cursor: pageParam, ...parametersOf(filter) })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const exportPath = (filter: Filter, format: 'ndjson' | 'csv'): string =>
  `/api/v1/audit/export${query({ format, ...parametersOf(filter) })}`;

export const headsQuery = queryOptions({
  queryKey: ['audit-heads'],
  queryFn: ({ signal }) => get<AuditHeads>('/api/v1/audit/heads?limit=1', signal),
  refetchInterval: 60_000,
});

export const actionsQuery = queryOptions({
  queryKey: ['audit-actions'],
  queryFn: ({ signal }) => get<AuditActions>('/api/v1/audit/actions', signal),
  staleTime: Infinity,
});

// One field of `before` and `after`; absent on a side where the thing has no such field.
export interface Change {
  field: string;
  before: string | undefined;
  after: string | undefined;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value, null, 1);

const fieldsOf = (json: string): Record<string, unknown> => {
  if (json === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : { value };
  } catch {
    return { value: json };
  }
};

export const changesOf = (record: AuditRecord): Change[] => {
  const before = fieldsOf(record.before);
  const after = fieldsOf(record.after);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const side = (fields: Record<string, unknown>, name: string) =>
    name in fields ? textOf(fields[name]) : undefined;
  return names.map((field) => ({ field, before: side(before, field), after: side(after, field) }));
};

// Where the changed thing is shown; null: nowhere.
export const placeOf = (record: AuditRecord): string | null => {
  const id = encodeURIComponent(record.object_id);
  if (id === '') return null;
  if (record.object_kind === 'alert') return `/alerts/${id}`;
  if (record.object_kind === 'incident') return `/incidents/${id}`;
  if (record.object_kind === 'dead_letter') return `/dead-letters/${id}`;
  return null;
};

export const kindWord = (kind: AuditRecord['actor_kind']): string =>
  ({ machine: 'the program itself', person: 'a person', key: 'a key', unknown: 'unknown' })[kind];
