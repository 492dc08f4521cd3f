// The views of one incident, and what can be done to it.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { get, post } from '@/shared/api/http';
import type { ActionRecord, IncidentItem, Note, Page, Playbook, Queries, Timeline } from '@/shared/api/wire';

function path(id: string, view: string): string {
  return `/api/v1/incidents/${encodeURIComponent(id)}/${view}`;
}

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['item', 'incidents', id, 'timeline'],
    queryFn: ({ signal }) => get<Timeline>(path(id, 'timeline'), signal),
  });

export const playbookQuery = (id: string) =>
  queryOptions({
    queryKey: ['item', 'incidents', id, 'playbook'],
    queryFn: ({ signal }) => get<Playbook>(path(id, 'playbook'), signal),
  });

export const queriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['item', 'incidents', id, 'queries'],
    queryFn: ({ signal }) => get<Queries>(path(id, 'queries'), signal),
  });

export const notesQuery = (id: string) =>
  queryOptions({
    queryKey: ['activity', id, 'notes'],
    queryFn: ({ signal }) => get<Page<Note>>(path(id, 'notes'), signal),
  });

export const actionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['activity', id, 'actions'],
    queryFn: ({ signal }) => get<Page<ActionRecord>>(path(id, 'actions'), signal),
  });

export function exportPath(id: string): string {
  return `${path(id, 'export')}?format=json`;
}

function useWrite<T, R>(id: string, view: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: T) => post<R>(path(id, view), body),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['activity', id] }),
        client.invalidateQueries({ queryKey: ['item', 'incidents', id] }),
        client.invalidateQueries({ queryKey: ['count'] }),
      ]);
    },
  });
}

export const useAddNote = (id: string) => useWrite<{ text: string }, Note>(id, 'notes');
export const useRecord = (id: string) =>
  useWrite<{ action: string; target?: string; detail?: string; simulated?: boolean }, ActionRecord>(
    id,
    'actions',
  );
export const useMerge = (id: string) => useWrite<{ incident_ids: string[] }, IncidentItem>(id, 'merge');
export const useSplit = (id: string) => useWrite<{ alert_ids: string[] }, IncidentItem>(id, 'split');
