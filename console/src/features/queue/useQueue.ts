// The rows of one list, what live messages did to them, and where the focus is.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { Item } from '@/shared/api/wire';
import { matches, parse } from '@/shared/query/parse';
import { matchable } from '@/shared/live/toCache';
import { noMarks } from '@/shared/live/merge';
import { listQuery, marksKey, marksQuery } from './api/list';
import { useRested } from '@/shared/ui/useRested';
import type { QueueUrl } from './useQueueUrl';

export function useQueue({ kind, q, sort, focus, edit }: QueueUrl) {
  const client = useQueryClient();
  const list = useInfiniteQuery(listQuery(kind, q, sort));
  const marks = useQuery(marksQuery(kind, q, sort)).data;
  const rows = useMemo<Item[]>(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const [focusId, setFocusId] = useState<string | null>(focus);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState({ kind, q, sort });
  if (asked.kind !== kind || asked.q !== q || asked.sort !== sort) {
    setAsked({ kind, q, sort });
    setSelected(new Set());
    setFocusId(focus);
  }
  const here = rows.some((row) => row.id === focusId) ? focusId : (rows[0]?.id ?? null);
  useRested(here, (id) => {
    if (id !== null && id !== focus && list.isSuccess) edit({ sel: id }, true);
  });
  const structural = useMemo(() => structuralOf(q), [q]);
  const { refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const refresh = useCallback(async () => {
    await refetch();
    client.setQueryData(marksKey(kind, q, sort), noMarks);
  }, [client, kind, q, sort, refetch]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    list,
    rows,
    marks,
    total: list.data?.pages[0]?.total ?? 0,
    // Not the time of the cache: that moves with every live change and every further page.
    asOf: list.data?.pages[0]?.as_of ?? null,
    focusId: here,
    selected,
    setFocusId,
    setSelected,
    refresh,
    more,
    isGone: (item: Item) => !matches(structural, matchable(item)),
  };
}

// Free words are searched in fields that a row does not carry, so only the named fields can say that a row left.
function structuralOf(q: string) {
  const query = parse(q);
  return { ...query, terms: query.terms.filter((term) => term.field !== null && term.field !== 'priority') };
}

export type Queue = ReturnType<typeof useQueue>;
