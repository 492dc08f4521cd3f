// One change to all alerts, or incidents, that a query matches.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '@/shared/api/http';
import type { BulkChange, BulkIncidentChange, BulkResult, Kind } from '@/shared/api/wire';

// What both kinds have.
export type BulkBody = NonNullable<BulkChange['change']> & NonNullable<BulkIncidentChange['change']>;

const bulk = (kind: Kind, query: string, change: BulkBody, dry_run: boolean) =>
  post<BulkResult>(`/api/v1/${kind}/bulk`, { query, change, dry_run });

// How many it would change; asked anew each time.
export const trialQuery = (kind: Kind, query: string) =>
  queryOptions({
    queryKey: ['bulk', kind, query],
    queryFn: () => bulk(kind, query, { assignee: 'me' }, true),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export function useBulk(kind: Kind, query: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: BulkBody) => bulk(kind, query, change, false),
    onSettled: () => client.invalidateQueries({ queryKey: ['count'] }),
  });
}
