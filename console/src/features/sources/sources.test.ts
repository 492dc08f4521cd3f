import { describe, expect, it } from 'vitest';
import type { Source } from '@/shared/api/wire';
import { faults, grouped, needsLook, spokenState } from './sources';

const now = Date.parse('2026-11-21T12:00:00.000Z');

function source(change: Partial<Source> = {}): Source {
  const figures = Object.fromEntries(
    [
      ...['last_minute', 'last_hour', 'records', 'bytes', 'alerts', 'occurrences', 'duplicates', 'events'],
      ...['unreadable', 'dead_letters', 'cut', 'dropped', 'errors', 'connections'],
      ...['alerts_stored', 'events_stored', 'expected_interval_seconds'],
    ].map((name) => [name, 0]),
  );
  return {
    ...figures,
    name: 'wazuh',
    kind: 'source',
    transport: '',
    address: '',
    reads_as: 'wazuh',
    state: 'unknown',
    silent_since: null,
    last_record_at: null,
    unreadable_by_reason: [],
    last_error: '',
    last_error_at: null,
    ...change,
  } as Source;
}

describe('the state of a source', () => {
  it('is heard, and says against what', () => {
    expect(spokenState(source({ state: 'receiving' }), now)).toMatchObject({
      look: 'heard',
      why: 'within the last minute',
    });
    expect(spokenState(source({ state: 'receiving', expected_interval_seconds: 300 }), now).why).toBe(
      'expected every 5 min',
    );
  });

  it('is silent since a moment', () => {
    const silent = source({
      state: 'silent',
      silent_since: '2026-11-21T08:56:00.000Z',
      expected_interval_seconds: 60,
    });
    expect(spokenState(silent, now).word).toBe('Silent 3 h 04 min');
    expect(needsLook(silent)).toBe(true);
  });

  it('is unknown, never green, and says why', () => {
    expect(spokenState(source(), now)).toMatchObject({ look: 'unknown', why: 'never heard' });
    expect(spokenState(source({ alerts_stored: 4 }), now).why).toBe('not heard since this server started');
    expect(spokenState(source({ last_record_at: '2026-11-21T09:00:00.000Z' }), now).why).toBe(
      'nothing says how often it should send',
    );
  });
});

describe('faults', () => {
  it('name only what happened, what is lost first', () => {
    expect(faults(source())).toEqual([]);
    expect(needsLook(source())).toBe(false);
    expect(faults(source({ unreadable: 12, dropped: 1, errors: 1 }))).toEqual([
      '1 lost unread',
      '12 unreadable',
      '1 error',
    ]);
  });
});

describe('groups', () => {
  it('leave out what is not there', () => {
    const some = [source({ name: 'b' }), source({ name: 'a', kind: 'listener' }), source({ name: 'c' })];
    expect(grouped(some).map(([title, own]) => [title, own.map((one) => one.name)])).toEqual([
      ['Listeners', ['a']],
      ['Sources', ['b', 'c']],
    ]);
  });
});
