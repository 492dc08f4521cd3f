// Makes one change to one or many items, and knows the way back: each item's own earlier values, guarded by the
// version that this change made, so that undo never overwrites what another person did in between.

import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { ApiError, type Tagged } from '@/shared/api/http';
import { change, learn, type Change } from '@/shared/api/items';
import { isAlert, kindOf, shortId, type Item } from '@/shared/api/wire';
import { toast } from '@/shared/ui/toasts';

const kAtOnce = 6;

interface Done {
  before: Item;
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
  return async (items, body, said) => {
    const outcome: Outcome = { done: [], failed: [] };
    await inSteps(items, async (item) => {
      try {
        const etag = await inTurn(item.id, () => once(client, item, body, guard !== undefined));
        outcome.done.push({ before: item, etag });
      } catch (error) {
        if (guard && isStale(error)) guard.onConflict(body);
        else outcome.failed.push({ item, error });
      }
    });
    void client.invalidateQueries({ queryKey: ['count'] });
    void client.invalidateQueries({ queryKey: ['activity'] });
    announce(outcome, said, body, (one) => inTurn(one.before.id, () => back(client, one, body)));
    return outcome;
  };
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

async function once(client: QueryClient, item: Item, body: Change, guarded: boolean): Promise<string | null> {
  const kind = kindOf(item.id) ?? 'alerts';
  const shown = client.getQueryData<Tagged<Item>>(['item', kind, item.id])?.etag ?? null;
  const { body: after, etag } = await change(kind, item.id, body, guarded ? shown : null);
  learn(client, after, etag);
  return etag;
}

async function back(client: QueryClient, one: Done, body: Change): Promise<void> {
  const kind = kindOf(one.before.id) ?? 'alerts';
  const { body: item, etag } = await change(kind, one.before.id, earlier(one.before, body), one.etag);
  learn(client, item, etag);
}

function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

function announce(outcome: Outcome, said: string, body: Change, undoOne: (one: Done) => Promise<void>): void {
  for (const { item, error } of outcome.failed.slice(0, 1))
    toast({
      text: `${shortId(item.id)} was not changed${outcome.failed.length > 1 ? `, nor ${outcome.failed.length - 1} more` : ''}: ${reason(error)}`,
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
      refused = isStale(error) ? 'somebody changed it since' : reason(error);
    }
  });
  const what = Object.keys(body).includes('status') ? 'Reopened' : 'Undone';
  return undone === done.length
    ? `${what}: ${undone} of ${done.length}.`
    : `Not undone: ${refused}. ${undone} undone.`;
}

// The same fields, with what they were.
export function earlier(item: Item, body: Change): Change {
  const was: Required<Change> = {
    status: item.status,
    verdict: isAlert(item) ? item.triage.verdict : item.verdict,
    assignee: item.assignee,
    close_reason: item.close_reason,
  };
  return Object.fromEntries(Object.keys(body).map((field) => [field, was[field as keyof Change]]));
}

function reason(error: unknown): string {
  if (error instanceof ApiError) return error.problem.detail ?? error.problem.title ?? 'no answer';
  return error instanceof Error ? error.message : String(error);
}

async function inSteps<T>(items: readonly T[], each: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await each(item);
  };
  await Promise.all(Array.from({ length: Math.min(kAtOnce, items.length) }, worker));
}
