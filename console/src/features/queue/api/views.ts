// Saved views: a name for a query, shared with everybody on this server.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { get, post, send } from '@/shared/api/http';
import type { Page, View, ViewInput } from '@/shared/api/wire';

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: async ({ signal }) => (await get<Page<View>>('/api/v1/views', signal)).items,
});

function useChange<T, R>(act: (body: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => client.invalidateQueries({ queryKey: viewsQuery.queryKey }),
  });
}

const path = (id: string) => `/api/v1/views/${encodeURIComponent(id)}`;

export const useAddView = () => useChange((body: ViewInput) => post<View>('/api/v1/views', body));
export const useReplaceView = () =>
  useChange(({ id, ...body }: ViewInput & { id: string }) =>
    send<View>(path(id), { method: 'PUT', json: body }),
  );
export const useRemoveView = () => useChange((id: string) => send<null>(path(id), { method: 'DELETE' }));
