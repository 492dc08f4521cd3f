// Reading and changing alerts and incidents; every change goes through here, so that lists and pages agree.

import { type QueryClient, type InfiniteData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { ApiError, send, type Tagged } from './http';
import { kindOf, type Alert, type Incident, type Item, type Kind, type Page } from './wire';

export interface Change {
  status?: string;
  verdict?: string;
  assignee?: string | null;
  close_reason?: string | null;
  tlp?: string; // of an incident
  tags?: readonly string[]; // of an alert
}

export type Whole<K extends Kind> = K extends 'alerts' ? Alert : Incident;

export function pathOf(kind: Kind, id: string): string {
  return `/api/v1/${kind}/${encodeURIComponent(id)}`;
}

export function itemQuery<K extends Kind>(kind: K, id: string) {
  return queryOptions({
    queryKey: ['item', kind, id],
    queryFn: ({ signal }) => send<Whole<K>>(pathOf(kind, id), { signal }),
    staleTime: 15_000,
    retry: (failures, error) =>
      failures < 2 && !(error instanceof ApiError && error.status > 0 && error.status < 500),
  });
}

export async function change(
  kind: Kind,
  id: string,
  body: Change,
  ifMatch: string | null,
): Promise<Tagged<Item>> {
  return send<Item>(pathOf(kind, id), { method: 'PATCH', json: body, ifMatch });
}

// What the caches know after a change: the row in every list, and the page.
export function useLearn(): (item: Item, etag?: string | null) => void {
  const client = useQueryClient();
  return (item, etag) => {
    learn(client, item, etag);
  };
}

export function learn(client: QueryClient, item: Item, etag: string | null = null): void {
  const kind = kindOf(item.id) ?? 'alerts';
  client.setQueriesData<InfiniteData<Page<Item>>>(
    { queryKey: ['list', kind] },
    (old) => old && withRow(old, item),
  );
  client.setQueryData<Tagged<Item>>(['item', kind, item.id], (old) =>
    old ? { body: { ...old.body, ...item } as Item, etag: etag ?? old.etag } : old,
  );
}

export function withRow(data: InfiniteData<Page<Item>>, item: Item): InfiniteData<Page<Item>> {
  if (!data.pages.some((page) => page.items.some((row) => row.id === item.id))) return data;
  return {
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      items: page.items.map((row) => (row.id === item.id ? ({ ...row, ...item } as Item) : row)),
    })),
  };
}
