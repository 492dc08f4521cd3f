import { QueryClient, type InfiniteData } from '@tanstack/react-query';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Item, Page } from '@/shared/api/wire';
import type { Marks } from './merge';
import { applyMessage } from './toCache';

const key = ['list', 'incidents', 'severity:>=high', 'priority'];
const marksKey = ['marks', 'incidents', 'severity:>=high', 'priority'];
const row = (id: string, severity: string, status = 'open') =>
  ({ id, severity, status, title: id, priority: 50, verdict: 'undecided' }) as Item;

let client: QueryClient;
beforeEach(() => {
  client = new QueryClient();
  const page: Page<Item> = {
    items: [row('IN-1', 'high'), row('IN-2', 'critical')],
    next_cursor: null,
    total: 2,
  };
  client.setQueryData<InfiniteData<Page<Item>>>(key, { pages: [page], pageParams: [''] });
});
const rows = () =>
  client
    .getQueryData<InfiniteData<Page<Item>>>(key)
    ?.pages.flatMap((page) => page.items.map((item) => `${item.id} ${item.severity}`));
const marks = () => client.getQueryData<Marks>(marksKey);

describe('live messages', () => {
  it('change a row in place and leave its neighbours', () => {
    applyMessage(client, { type: 'incident', data: row('IN-1', 'critical') }, 5);
    expect(rows()).toEqual(['IN-1 critical', 'IN-2 critical']);
    expect(marks()?.changed).toEqual({ 'IN-1': 5 });
  });

  it('let new rows wait only where they match', () => {
    applyMessage(client, { type: 'incident', data: row('IN-3', 'low') }, 5);
    expect(marks()).toBeUndefined();
    applyMessage(client, { type: 'incident', data: row('IN-4', 'critical') }, 5);
    expect(rows()).toHaveLength(2);
    expect(marks()?.waiting).toEqual({ 'IN-4': 'critical' });
  });

  it('never put an alert into a list of incidents', () => {
    applyMessage(
      client,
      { type: 'alert', data: { ...row('AL-1', 'critical'), source: 'x', triage: { verdict: 'undecided' } } },
      5,
    );
    expect(marks()).toBeUndefined();
  });

  it('say that more came than was sent', () => {
    client.setQueryData(marksKey, { waiting: {}, changed: {}, atLeast: false });
    applyMessage(client, { type: 'stats', data: { alerts: 90, skipped: 40 } }, 5);
    expect(marks()?.atLeast).toBe(true);
  });

  it('are ignored when they are not of the contract', () => {
    for (const data of [null, undefined, 7, 'x', [], {}, { id: 7 }, { id: 'ZZ-1' }])
      expect(() => {
        applyMessage(client, { type: 'incident', data }, 5);
      }).not.toThrow();
    expect(rows()).toHaveLength(2);
  });
});
