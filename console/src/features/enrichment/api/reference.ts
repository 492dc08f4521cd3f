// State of the parts, look-ups, lists of indicators, warning lists, the catalogue of exploited vulnerabilities.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { get, post, query, send } from '@/shared/api/http';
import type { components, operations } from '@/shared/api/schema';
import type { IntelEntry, IntelList, Page, WarningList } from '@/shared/api/wire';

export type PartState =
  components['responses']['EnrichmentStatus']['content']['application/json']['items'][number];
export type ReferenceFile = components['responses']['ReferenceFile']['content']['application/json'];
export type Known = operations['lookUp']['responses'][200]['content']['application/json'];
export type Imported = operations['importIntelList']['responses'][201]['content']['application/json'];

export const partsQuery = queryOptions({
  queryKey: ['enrichment', 'parts'],
  queryFn: async ({ signal }) => (await get<Page<PartState>>('/api/v1/enrichment', signal)).items,
});

export const lookupQuery = (kind: string, value: string) =>
  queryOptions({
    queryKey: ['enrichment', 'lookup', kind, value],
    queryFn: ({ signal }) => get<Known>(`/api/v1/enrichment/lookup${query({ kind, value })}`, signal),
    enabled: value !== '',
    retry: false,
  });

export const intelListsQuery = queryOptions({
  queryKey: ['enrichment', 'intel'],
  queryFn: async ({ signal }) => (await get<Page<IntelList>>('/api/v1/intel/lists', signal)).items,
});

export const entriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['enrichment', 'intel', id],
    queryFn: ({ pageParam, signal }) =>
      get<Page<IntelEntry>>(
        `/api/v1/intel/lists/${encodeURIComponent(id)}/entries${query({ limit: 100, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const warningListsQuery = queryOptions({
  queryKey: ['enrichment', 'warning-lists'],
  queryFn: async ({ signal }) =>
    (await get<Page<WarningList>>('/api/v1/enrichment/warning-lists', signal)).items,
});

// Whatever is changed here, the state of the parts and what a value would get change with it.
function useChange<T, R>(act: (body: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => client.invalidateQueries({ queryKey: ['enrichment'] }),
  });
}

const useAct = <R>(act: () => Promise<R>) => useChange<null, R>(act);

const json = (body: Blob) => ({ type: 'application/json', body });

export interface IntelFile {
  file: File;
  name: string;
  format: string;
  source: string;
  tlp: string;
}

export const useImportIntel = () =>
  useChange(async ({ file, ...about }: IntelFile) => {
    const path = `/api/v1/intel/lists${query(about)}`;
    return (await send<Imported>(path, { method: 'POST', file: json(file) })).body;
  });

export const useRemoveIntel = () =>
  useChange((id: string) => send(`/api/v1/intel/lists/${encodeURIComponent(id)}`, { method: 'DELETE' }));

export const useAddWarningList = () =>
  useChange(
    async (file: File) =>
      (await send<ReferenceFile>('/api/v1/enrichment/warning-lists', { method: 'POST', file: json(file) }))
        .body,
  );

export const useRemoveWarningList = () =>
  useChange((id: string) =>
    send(`/api/v1/enrichment/warning-lists/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  );

const kCatalogue = '/api/v1/enrichment/known-exploited';

export const usePutCatalogue = () =>
  useChange(
    async (file: File) => (await send<ReferenceFile>(kCatalogue, { method: 'PUT', file: json(file) })).body,
  );

export const useDropCatalogue = () => useAct(() => send(kCatalogue, { method: 'DELETE' }));

export const useReload = () => useAct(() => post('/api/v1/enrichment/reload'));
