import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '@/shared/api/wire';
import { axisOf, byDay, clockMarks, spanOf, withGaps, type Clock, type Gap, type Phase } from './timeline';

const at = (time: string) => `2026-11-21T${time}:00.000Z`;

function entry(time: string, kind: TimelineEntry['kind'] = 'alert'): TimelineEntry {
  return {
    at: at(time),
    recorded_at: at(time),
    kind,
    title: time,
    detail: '',
    severity: null,
    source: null,
    actor: null,
    tactics: [],
    alert_ids: [],
  };
}

const gap = (from: string, to: string): Gap => ({ from: at(from), to: at(to), seconds: 3600 });
const shown = (rows: ReturnType<typeof withGaps>) =>
  rows.map((row) => (row.kind === 'gap' ? 'gap' : row.entry.title));

describe('gaps', () => {
  const entries = [entry('01:00'), entry('01:30', 'note'), entry('04:00'), entry('04:01'), entry('09:00')];
  const gaps = [gap('04:01', '09:00'), gap('01:00', '04:00')];

  it('stand before the alert that ends them, oldest first', () => {
    expect(shown(withGaps(entries, gaps, 'oldest'))).toEqual([
      ...['01:00', '01:30', 'gap', '04:00', '04:01', 'gap', '09:00'],
    ]);
  });

  it('stand before the alert that began them, newest first', () => {
    expect(shown(withGaps(entries.toReversed(), gaps, 'newest'))).toEqual([
      ...['09:00', 'gap', '04:01', '04:00', '01:30', 'gap', '01:00'],
    ]);
  });

  it('are left out when their alerts are not among the entries', () => {
    expect(shown(withGaps(entries.slice(0, 2), gaps, 'oldest'))).toEqual(['01:00', '01:30']);
    expect(withGaps([], gaps, 'oldest')).toEqual([]);
  });
});

describe('days', () => {
  it('begin where the date changes, and a gap belongs to the day on which it began', () => {
    const rows = withGaps(
      [entry('23:00'), { ...entry('01:00'), at: '2026-11-22T01:00:00.000Z' }],
      [{ from: at('23:00'), to: '2026-11-22T01:00:00.000Z', seconds: 7200 }],
      'oldest',
    );
    const days = byDay(rows, (iso) => iso.slice(0, 10), 'oldest');
    expect(days.map(([day, own]) => [day, shown(own)])).toEqual([
      ['2026-11-21', ['23:00', 'gap']],
      ['2026-11-22', ['01:00']],
    ]);
  });
});

describe('clocks', () => {
  it('mark the alerts they name', () => {
    const clock: Clock = {
      kind: 'clock_ahead',
      source: 'wazuh',
      alerts: 2,
      typical_seconds: 240,
      alert_ids: ['AL-1', 'AL-2'],
    };
    expect([...clockMarks([clock]).keys()]).toEqual(['AL-1', 'AL-2']);
  });
});

describe('the axis of the phases', () => {
  const phase = (from: string, to: string) => ({ first_seen: at(from), last_seen: at(to) }) as Phase;

  it('reaches from the first to the last of them', () => {
    const axis = axisOf([phase('02:00', '03:00'), phase('01:00', '02:00')]);
    expect(spanOf(at('01:00'), at('02:00'), axis)).toEqual({ left: 0, width: 50 });
    expect(spanOf(at('02:00'), at('02:00'), axis)).toEqual({ left: 50, width: 0 });
    expect(spanOf(at('00:00'), at('09:00'), axis)).toEqual({ left: 0, width: 100 });
  });

  it('may be a single moment', () => {
    expect(spanOf(at('01:00'), at('01:00'), axisOf([phase('01:00', '01:00')]))).toEqual({
      left: 0,
      width: 0,
    });
  });
});
