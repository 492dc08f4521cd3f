import { queryOptions } from '@tanstack/react-query';
import { get } from './http';
import type { Stats } from './wire';

export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: ({ signal }) => get<Stats>('/api/v1/stats', signal),
  staleTime: 5000,
  refetchInterval: 30_000,
});
