// Every rule, page by page: the list and the coverage look at all of them at once.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { rulesQuery } from './rules';

export function useAllRules() {
  const list = useInfiniteQuery(rulesQuery);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, data } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rules = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  return { rules, list, reading: hasNextPage };
}
