// Makes one change to one or many items, and knows the way back: each item's own earlier values, guarded by the
// version that this change made, so that undo never overwrites what another person did in between.

import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { ApiError, reasonOf, type Tagged } from '@/shared/api/http';
import { change, itemQuery, learn, type Change } from '@/shared/api/items';
import { isAlert, kindOf, shortId, type Item } from '@/shared/api/wire';
import { toast, underway } from '@/shared/ui/toasts';

const kAtOnce = 6;

interface Done {
  before: Item;
  after: Item;
  etag: string | null;
}

interface Outcome {
  done: Done[];
  failed: { item: Item; error: unknown }[];
}

// On a page, which shows one item as of a version: the change is refused when somebody else was faster.
export interface Guard {
  onConflict: (body: Change) => void;
}

export type Apply = (items: readonly Item[], body: Change, said: string) => Promise<Outcome>;

export function useApply(guard?: Guard): Apply {
  const client = useQueryClient();
  return (items, body, said) =>
    underway(async () => {
      const outcome: Outcome = { done: [], failed: [] };
      await inSteps(items, async (item) => {
        try {
          outcome.done.push(await inTurn(item.id, () => once(client, item, body, guard !== undefined)));
        } catch (error) {
          if (guard && isStale(error)) guard.onConflict(body);
          else outcome.failed.push({ item, error });
        }
      });
      void client.invalidateQueries({ queryKey: ['count'] });
      void client.invalidateQueries({ queryKey: ['activity'] });
      announce(outcome, said, body, (one) => inTurn(one.before.id, () => back(client, one, body)));
      return outcome;
    });
}

// A person's own quick changes to one item follow each other, so that they are never stale to one another.
const turns = new Map<string, Promise<unknown>>();

function inTurn<T>(id: string, act: () => Promise<T>): Promise<T> {
  const turn = (turns.get(id) ?? Promise.resolve()).then(act, act);
  turns.set(id, turn);
  const leave = () => {
    if (turns.get(id) === turn) turns.delete(id);
  };
  turn.then(leave, leave);
  return turn;
}

async function once(client: QueryClient, item: Item, body: Change, guarded: boolean): Promise<Done> {
  const kind = kindOf(item.id) ?? 'alerts';
  const etag = client.getQueryData<Tagged<Item>>(['item', kind, item.id])?.etag ?? null;
  const after = await changeAsSeen(client, item, body, guarded ? etag : null);
  return { before: item, after: after.body, etag: after.etag };
}

async function back(client: QueryClient, one: Done, body: Change): Promise<void> {
  await changeAsSeen(client, one.after, earlier(one.before, body), one.etag);
}

// An incident's version also grows when the server itself adds an alert or scores anew. Only what a person decides can
// clash with a person, so a change that finds such a version is made once more against the newest.
async function changeAsSeen(
  client: QueryClient,
  seen: Item,
  body: Change,
  etag: string | null,
  again = 3,
): Promise<Tagged<Item>> {
  const kind = kindOf(seen.id) ?? 'alerts';
  try {
    const after = await change(kind, seen.id, body, etag);
    learn(client, after.body, after.etag);
    return after;
  } catch (error) {
    if (!isStale(error) || again === 0) throw error;
    const now = await client.fetchQuery({ ...itemQuery(kind, seen.id), staleTime: 0 });
    if (!sameDecisions(seen, now.body)) throw error;
    return changeAsSeen(client, seen, body, now.etag, again - 1);
  }
}

export function sameDecisions(one: Item, other: Item): boolean {
  const mine = decisions(one);
  const theirs = decisions(other);
  return (Object.keys(mine) as (keyof Change)[]).every(
    (field) => JSON.stringify(mine[field]) === JSON.stringify(theirs[field]),
  );
}

function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

function announce(outcome: Outcome, said: string, body: Change, undoOne: (one: Done) => Promise<void>): void {
  for (const { item, error } of outcome.failed.slice(0, 1))
    toast({
      text: `${shortId(item.id)} was not changed${outcome.failed.length > 1 ? `, nor ${outcome.failed.length - 1} more` : ''}: ${reasonOf(error)}`,
    });
  if (outcome.done.length === 0) return;
  toast({ text: said, undo: async () => undoAll(outcome.done, undoOne, body) });
}

async function undoAll(
  done: readonly Done[],
  undoOne: (one: Done) => Promise<void>,
  body: Change,
): Promise<string> {
  let undone = 0;
  let refused = '';
  await inSteps(done, async (one) => {
    try {
      await undoOne(one);
      undone += 1;
    } catch (error) {
      refused = isStale(error) ? 'somebody changed it since' : reasonOf(error);
    }
  });
  const what = Object.keys(body).includes('status') ? 'Reopened' : 'Undone';
  return undone === done.length
    ? `${what}: ${undone} of ${done.length}.`
    : `Not undone: ${refused}. ${undone} undone.`;
}

// The same fields, with what they were.
export function earlier(item: Item, body: Change): Change {
  const was = decisions(item);
  return Object.fromEntries(Object.keys(body).map((field) => [field, was[field as keyof Change]]));
}

function decisions(item: Item): Required<Change> {
  return {
    status: item.status,
    verdict: isAlert(item) ? item.triage.verdict : item.verdict,
    assignee: item.assignee,
    close_reason: item.close_reason,
    tlp: item.tlp,
    tags: isAlert(item) ? item.tags : [],
  };
}

async function inSteps<T>(items: readonly T[], each: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await each(item);
  };
  await Promise.all(Array.from({ length: Math.min(kAtOnce, items.length) }, worker));
}
