// The one place where live messages meet the query cache.

import { type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { withRow } from '@/shared/api/items';
import { kindOf, type Item, type Kind, type Page } from '@/shared/api/wire';
import { matches, parse } from '@/shared/query/parse';
import { mergeRow, noMarks, type Marks } from './merge';
import { feed, type LiveMessage } from './socket';

const kFlushMs = 250; // a burst is one rendering
const kCountsMs = 5000;

export function joinLiveToCache(client: QueryClient): () => void {
  let waiting: LiveMessage[] = [];
  let timer = 0;
  let countedAt = 0;
  const flush = () => {
    timer = 0;
    const messages = waiting;
    waiting = [];
    for (const message of messages) applyMessage(client, message, Date.now());
    if (Date.now() - countedAt < kCountsMs) return;
    countedAt = Date.now();
    void client.invalidateQueries({ queryKey: ['count'] });
    void client.invalidateQueries({ queryKey: ['stats'] });
  };
  const stop = feed.listen((message) => {
    if (message.type === 'pong' || message.type === 'initial_batch' || message.type === 'new_threat') return;
    waiting.push(message);
    if (timer === 0) timer = window.setTimeout(flush, kFlushMs);
  });
  return () => {
    stop();
    window.clearTimeout(timer);
  };
}

export function applyMessage(client: QueryClient, message: LiveMessage, now: number): void {
  const data = (message.data ?? {}) as Partial<Item> & { incident_id?: string; skipped?: number };
  if (message.type === 'resync' || (message.type === 'stats' && (data.skipped ?? 0) > 0))
    allMayBeBehind(client, message.type === 'resync');
  else if (message.type === 'action' && data.incident_id)
    void client.invalidateQueries({ queryKey: ['activity', data.incident_id] });
  else if ((message.type === 'alert' || message.type === 'incident') && typeof data.id === 'string')
    applyItem(client, data as Item, now);
}

function allMayBeBehind(client: QueryClient, itemsToo: boolean): void {
  client.setQueriesData<Marks>({ queryKey: ['marks'] }, (marks) => ({
    ...(marks ?? noMarks),
    atLeast: true,
  }));
  if (itemsToo) void client.invalidateQueries({ queryKey: ['item'] });
}

function applyItem(client: QueryClient, item: Item, now: number): void {
  const kind = kindOf(item.id);
  if (!kind) return;
  for (const [key, data] of client.getQueriesData<InfiniteData<Page<Item>>>({ queryKey: ['list', kind] }))
    if (data) applyToList(client, key as ['list', Kind, string, string], data, item, now);
  if (client.getQueryData(['item', kind, item.id]))
    void client.invalidateQueries({ queryKey: ['item', kind, item.id] });
}

function applyToList(
  client: QueryClient,
  key: ['list', Kind, string, string],
  data: InfiniteData<Page<Item>>,
  item: Item,
  now: number,
): void {
  const [, kind, q, sort] = key;
  const marksKey = ['marks', kind, q, sort];
  const marks = client.getQueryData<Marks>(marksKey) ?? noMarks;
  const rows = data.pages.flatMap((page) => page.items);
  const merged = mergeRow<Item>(rows, marks, item, matches(parse(q), matchable(item)), now);
  if (merged.rows !== rows) client.setQueryData(key, withRow(data, item));
  if (merged.marks !== marks) client.setQueryData(marksKey, merged.marks);
}

export function matchable(item: Item) {
  return 'triage' in item ? { ...item, verdict: item.triage.verdict } : item;
}
