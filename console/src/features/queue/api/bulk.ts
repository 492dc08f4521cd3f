// One change to all alerts that a query matches.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '@/shared/api/http';
import type { BulkChange, BulkResult } from '@/shared/api/wire';

export type BulkBody = NonNullable<BulkChange['change']>;

const bulk = (body: BulkChange) => post<BulkResult>('/api/v1/alerts/bulk', body);

// How many it would change; asked anew each time.
export const trialQuery = (query: string) =>
  queryOptions({
    queryKey: ['bulk', query],
    queryFn: () => bulk({ query, change: { assignee: 'me' }, dry_run: true }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export function useBulk(query: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: BulkBody) => bulk({ query, change, dry_run: false }),
    onSettled: () => client.invalidateQueries({ queryKey: ['count'] }),
  });
}
