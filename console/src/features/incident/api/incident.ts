// The views of one incident, and what can be done to it.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { get, post, query, send } from '@/shared/api/http';
import type {
  ActionRecord,
  Checklist,
  EntityGraph,
  IncidentItem,
  Note,
  NoteRevision,
  Page,
  Playbook,
  Queries,
  SimilarIncidents,
  SimulationReply,
  Timeline,
} from '@/shared/api/wire';

function path(id: string, view: string): string {
  return `/api/v1/incidents/${encodeURIComponent(id)}/${view}`;
}

export type Order = 'oldest' | 'newest';

// The server orders: of more than 2,000 entries each order shows its own end.
export const timelineQuery = (id: string, order: Order) =>
  queryOptions({
    queryKey: ['item', 'incidents', id, 'timeline', order],
    queryFn: ({ signal }) => get<Timeline>(`${path(id, 'timeline')}${query({ order })}`, signal),
  });

export const kGraphNodes = 50;
export const kGraphMost = 200;

export interface GraphAsk {
  around: string | null; // a node's id: only what lies around it
  nodes: number;
}

export const graphQuery = (id: string, { around, nodes }: GraphAsk) =>
  queryOptions({
    // Apart from the incident: the picture moves only when somebody asks for it.
    queryKey: ['graph', id, around, nodes],
    queryFn: ({ signal }) =>
      get<EntityGraph>(
        `${path(id, 'graph')}${query({ around, depth: around ? 1 : null, nodes, edges: nodes * 4 })}`,
        signal,
      ),
    staleTime: Infinity,
  });

export const similarQuery = (id: string) =>
  queryOptions({
    queryKey: ['item', 'incidents', id, 'similar'],
    queryFn: ({ signal }) => get<SimilarIncidents>(path(id, 'similar'), signal),
  });

// Its automatic part is worked out when it is asked for, so every visit asks.
export const checklistQuery = (id: string) =>
  queryOptions({
    queryKey: ['item', 'incidents', id, 'checklist'],
    queryFn: ({ signal }) => get<Checklist>(path(id, 'checklist'), signal),
    staleTime: 0,
  });

export const revisionsQuery = (id: string, note: string) =>
  queryOptions({
    queryKey: ['activity', id, 'notes', note],
    queryFn: ({ signal }) =>
      get<Page<NoteRevision>>(path(id, `notes/${encodeURIComponent(note)}/revisions`), signal),
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

export function exportPath(id: string, format: string): string {
  return `${path(id, 'export')}${query({ format })}`;
}

function useChange<T, R>(id: string, act: (body: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    // Refused, too: what is shown may be what somebody else has changed since.
    onSettled: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['activity', id] }),
        client.invalidateQueries({ queryKey: ['item', 'incidents', id] }),
        client.invalidateQueries({ queryKey: ['count'] }),
      ]);
    },
  });
}

const useWrite = <T, R>(id: string, view: string) =>
  useChange<T, R>(id, (body) => post<R>(path(id, view), body));

export const useAddNote = (id: string) => useWrite<{ text: string }, Note>(id, 'notes');
export const useEditNote = (id: string, note: Note) =>
  useChange<{ text: string; revision: number }, Note>(
    id,
    async ({ text, revision }) =>
      (
        await send<Note>(path(id, `notes/${encodeURIComponent(note.id)}`), {
          method: 'PATCH',
          json: { text },
          ifMatch: `"${revision}"`,
        })
      ).body,
  );
export const useTick = (id: string) =>
  useChange<{ step: string; done: boolean; note?: string }, Checklist>(
    id,
    async ({ step, ...body }) =>
      (await send<Checklist>(path(id, `checklist/${step}`), { method: 'PUT', json: body })).body,
  );
export const useSimulate = (id: string) =>
  useWrite<{ action: string } | { playbook: string }, SimulationReply>(id, 'simulate');
export const useRecord = (id: string) =>
  useWrite<{ action: string; target?: string; detail?: string; simulated?: boolean }, ActionRecord>(
    id,
    'actions',
  );
export const useMerge = (id: string) => useWrite<{ incident_ids: string[] }, IncidentItem>(id, 'merge');
export const useSplit = (id: string) => useWrite<{ alert_ids: string[] }, IncidentItem>(id, 'split');
