// One page after another of alerts or incidents, and how many there are.

import { infiniteQueryOptions, queryOptions, type QueryKey } from '@tanstack/react-query';
import { ApiError, get, query } from '@/shared/api/http';
import type { Item, Kind, Page } from '@/shared/api/wire';
import { noMarks, type Marks } from '@/shared/live/merge';

export const kPageSize = 100;

export function listQuery(kind: Kind, q: string, sort: string) {
  return infiniteQueryOptions({
    queryKey: ['list', kind, q, sort],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Item>>(`/api/v1/${kind}${query({ q, sort, limit: kPageSize, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // Nothing moves by itself: a list is read again only when the analyst asks.
    staleTime: Infinity,
    gcTime: 30 * 60_000,
    refetchOnMount: false,
    refetchOnReconnect: false,
    retry: (failures, error) =>
      failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
  });
}

// What live messages did to that list since it was read.
export function marksQuery(kind: Kind, q: string, sort: string) {
  return queryOptions<Marks>({
    queryKey: marksKey(kind, q, sort),
    queryFn: () => noMarks,
    initialData: noMarks,
    staleTime: Infinity,
    gcTime: 30 * 60_000,
  });
}

export function marksKey(kind: Kind, q: string, sort: string): QueryKey {
  return ['marks', kind, q, sort];
}

export function countQuery(kind: Kind, q: string) {
  return queryOptions({
    queryKey: ['count', kind, q],
    queryFn: async ({ signal }) =>
      (await get<Page<Item>>(`/api/v1/${kind}${query({ q, limit: 1 })}`, signal)).total,
    staleTime: 5000,
  });
}
