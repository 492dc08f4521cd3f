import { describe, expect, it } from 'vitest';
import {
  daysOf,
  daysText,
  inShift,
  minutesText,
  ofShift,
  pictureOf,
  reachesGoal,
  shiftOf,
  spreadOf,
  titleOf,
  type Figure,
  type MeasureRow,
} from './desk';

const figure = (change: Partial<Figure> = {}): Figure => ({
  name: 'alert_minutes_to_triage',
  unit: 'minutes',
  count: 3,
  p50: 4,
  p90: 10,
  share: null,
  before: 15,
  goal: 4,
  rows: '',
  ...change,
});

const row = (value: number, at = '2026-01-04T03:00:00.000Z'): MeasureRow => ({
  id: `AL-${value}`,
  actor: 'ana',
  at,
  value,
});

describe('the time range and shift of the address', () => {
  it('takes a number of days that the API takes, else the default', () => {
    expect([null, '', '0', '367', '7', '1e2', '-1', '366'].map(daysOf)).toEqual([
      30, 30, 30, 30, 7, 30, 30, 366,
    ]);
    expect([daysText(30), daysText(7)]).toEqual([null, '7']);
  });

  it('knows the three shifts and no other', () => {
    expect(['00', '08', '16', '8', null].map(shiftOf)).toEqual(['00', '08', '16', null, null]);
  });

  it('puts the moment of a change of shifts into the later one', () => {
    const at = '2026-01-04T08:00:00.000Z';
    expect([inShift({ at }, '00'), inShift({ at }, '08'), inShift({ at }, null)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(inShift({ at: '2026-01-04T23:59:59.999Z' }, '16')).toBe(true);
  });
});

describe('the goal', () => {
  it('is reached by fewer minutes and by more satisfaction', () => {
    expect(reachesGoal(figure())).toBe(true);
    expect(reachesGoal(figure({ p50: 4.1 }))).toBe(false);
    const share = figure({ unit: 'share', goal: 0.8, p50: null, p90: null });
    expect(reachesGoal({ ...share, name: 'satisfaction_copilot', share: 0.9 })).toBe(true);
    expect(reachesGoal({ ...share, name: 'alert_escalation', share: 0.9 })).toBe(false);
  });

  it('is neither reached nor missed without a sample or a goal', () => {
    expect(reachesGoal(figure({ p50: null }))).toBeNull();
    expect(reachesGoal(figure({ goal: null }))).toBeNull();
  });
});

describe('the picture', () => {
  it('holds value, tail, goal and start within its width', () => {
    const picture = pictureOf(figure());
    expect(picture?.before).toBeCloseTo(100 / 1.05);
    expect(picture?.bar).toBeLessThan(picture?.tail ?? 0);
    expect(picture?.goal).toBe(picture?.bar);
  });

  it('shows a share of the whole, zero minutes as nothing, and no sample as no picture', () => {
    expect(pictureOf(figure({ unit: 'share', share: 0.25, goal: null }))?.bar).toBe(25);
    expect(pictureOf(figure({ p50: 0, p90: 0, goal: null, before: null }))?.bar).toBe(0);
    expect(pictureOf(figure({ p50: null }))).toBeNull();
  });
});

describe('rows of a shift', () => {
  it('are measured by nearest rank', () => {
    const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((value) => row(value));
    expect(spreadOf(rows)).toEqual({ count: 10, p50: 5, p90: 9, share: 5.5 });
    expect(spreadOf([])).toEqual({ count: 0, p50: null, p90: null, share: null });
  });

  it('leave out the other shifts', () => {
    const rows = [row(2), row(40, '2026-01-04T12:00:00.000Z')];
    expect(ofShift(figure(), rows, '00')).toMatchObject({ count: 1, p50: 2, p90: 2 });
    expect(ofShift(figure({ unit: 'share' }), [row(1), row(0)], '00')).toMatchObject({
      share: 0.5,
      p50: null,
    });
    expect(ofShift(figure(), rows, '16')).toMatchObject({ count: 0, p50: null });
  });
});

it('words minutes and figures, also unknown ones', () => {
  expect([0, 0.2, 12.34, 180, 5000].map(minutesText)).toEqual(['0 min', '12 s', '12.3 min', '3 h', '3.5 d']);
  expect(titleOf('alert_reopened')).toBe('Reopened alerts');
  expect(titleOf('new_figure')).toBe('New figure');
});
