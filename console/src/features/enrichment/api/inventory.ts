// Rows of the asset and the user table.
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import { get, post, query, send } from '@/shared/api/http';
import type { components } from '@/shared/api/schema';
import type { Page } from '@/shared/api/wire';
import type { Row, RowInput, Table } from '../tables';

export type TableOutcome = Required<components['responses']['TableOutcome']['content']['application/json']>;
export type TableMode = 'merge' | 'replace';

const kPageSize = 100;
const path = (table: Table) => `/api/v1/${table.key}`;
const pathOf = (table: Table, id: string) => `${path(table)}/${encodeURIComponent(id)}`;

export const rowsQuery = (table: Table, q: string) =>
  infiniteQueryOptions({
    queryKey: ['inventory', table.key, 'list', q],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Row>>(`${path(table)}${query({ q, limit: kPageSize, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const rowQuery = (table: Table, id: string) =>
  queryOptions({
    queryKey: ['inventory', table.key, 'row', id],
    queryFn: ({ signal }) => send<Row>(pathOf(table, id), { signal }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false, // under the hands of who edits it
  });

export async function findByName(table: Table, name: string): Promise<Row | undefined> {
  return (await get<Page<Row>>(`${path(table)}${query({ name: name.trim() })}`)).items[0];
}

// Refused with 409 when a row of that name is there.
export const addRow = (table: Table, input: RowInput) =>
  post<Row>(`${path(table)}${query({ mode: 'add' })}`, input);

export async function replaceRow(
  table: Table,
  id: string,
  input: RowInput,
  etag: string | null,
): Promise<Row> {
  return (await send<Row>(pathOf(table, id), { method: 'PUT', json: input, ifMatch: etag })).body;
}

export async function removeRow(table: Table, id: string, etag: string | null): Promise<void> {
  await send(pathOf(table, id), { method: 'DELETE', ifMatch: etag });
}

export function useTableUpload(table: Table) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ file, mode }: { file: File; mode: TableMode }) =>
      (
        await send<TableOutcome>(`${path(table)}${query({ mode })}`, {
          method: 'POST',
          file: { type: 'text/csv', body: file },
        })
      ).body,
    onSettled: () => changed(client, table),
  });
}

export async function changed(client: QueryClient, table: Table): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['inventory', table.key, 'list'] }),
    client.invalidateQueries({ queryKey: ['enrichment'] }),
  ]);
}
