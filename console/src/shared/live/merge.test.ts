import { describe, expect, it } from 'vitest';
import { kWaitingCap, mergeRow, noMarks, waitingText, type Marks } from './merge';

const rows = [
  { id: 'IN-1', severity: 'high', title: 'one', status: 'open' },
  { id: 'IN-2', severity: 'low', title: 'two', status: 'open' },
];

describe('live rows', () => {
  it('lets a new row wait and leaves the list alone', () => {
    const merged = mergeRow(
      rows,
      noMarks,
      { id: 'IN-3', severity: 'critical', title: 'new', status: 'open' },
      true,
      7,
    );
    expect(merged.rows).toBe(rows);
    expect(merged.marks.waiting).toEqual({ 'IN-3': 'critical' });
  });

  it('changes a known row where it stands and marks it', () => {
    const merged = mergeRow(
      rows,
      noMarks,
      { id: 'IN-1', severity: 'critical', title: 'one', status: 'open' },
      true,
      7,
    );
    expect(merged.rows.map((row) => [row.id, row.severity])).toEqual([
      ['IN-1', 'critical'],
      ['IN-2', 'low'],
    ]);
    expect(merged.marks.changed).toEqual({ 'IN-1': 7 });
    expect(merged.rows[1]).toBe(rows[1]);
  });

  it('does not mark a message that says nothing new', () => {
    const merged = mergeRow(
      rows,
      noMarks,
      { id: 'IN-1', severity: 'high', title: 'one', status: 'open' },
      true,
      7,
    );
    expect(merged).toEqual({ rows, marks: noMarks });
    expect(merged.rows).toBe(rows);
  });

  it('drops a waiting row that stopped matching before anybody saw it', () => {
    const marks: Marks = { ...noMarks, waiting: { 'IN-9': 'low' } };
    const merged = mergeRow(
      rows,
      marks,
      { id: 'IN-9', severity: 'low', title: 'x', status: 'closed' },
      false,
      7,
    );
    expect(merged.marks.waiting).toEqual({});
  });

  it('is bounded', () => {
    let marks = noMarks;
    for (let i = 0; i < kWaitingCap + 50; i++)
      marks = mergeRow(
        rows,
        marks,
        { id: `N-${i}`, severity: 'low', title: '', status: 'open' },
        true,
        i,
      ).marks;
    expect(Object.keys(marks.waiting)).toHaveLength(kWaitingCap);
    expect(waitingText(marks)).toBe('At least 1000 new');
  });

  it('names the worst severity', () => {
    expect(waitingText({ ...noMarks, waiting: { a: 'low', b: 'critical' } })).toBe('2 new, 1 critical');
    expect(waitingText({ ...noMarks, waiting: { a: 'low', b: 'high', c: 'high' } })).toBe('3 new, 2 high');
    expect(waitingText({ ...noMarks, waiting: { a: 'low' }, atLeast: true })).toBe('At least 1 new');
    expect(waitingText({ ...noMarks, atLeast: true })).toBe('New rows');
  });
});
