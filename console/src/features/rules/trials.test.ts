import { describe, expect, it } from 'vitest';
import type { Rule, RuleTrial } from '@/shared/api/wire';
import { readTable } from '@/shared/facts/attack';
import { coverageOf, stepOf, unknownOf } from './coverage';
import { applyFilter, readFilter } from './filter';
import { dayIn, endOfDay, trialText, whenOf, whenText } from './trials';

const trial = (change: Partial<RuleTrial> = {}): RuleTrial => ({
  events: 5000,
  in_part: false,
  oldest: null,
  newest: null,
  matches: 214,
  hosts: { different: 3, most: [] },
  users: { different: 1, most: [] },
  samples: [],
  ...change,
});

describe('the result of a trial', () => {
  it('says how often, where and on how much', () => {
    expect(trialText(trial(), 'fired')).toBe(
      'Would have fired 214 times on 3 hosts, for 1 user, in all 5,000 stored events.',
    );
    expect(trialText(trial({ matches: 1, in_part: true, users: { different: 0, most: [] } }), 'hidden')).toBe(
      'Would have hidden 1 match on 3 hosts, in the newest 5,000 events of more.',
    );
  });

  it('tells nothing found from nothing to look at', () => {
    expect(trialText(trial({ matches: 0 }), 'fired')).toContain('fired on nothing in all 5,000');
    expect(trialText(trial({ matches: 0, events: 0 }), 'fired')).toContain('No event is stored');
  });
});

describe('the conditions of an exception', () => {
  it('become a selection: a field that comes twice takes any of its values', () => {
    expect(
      whenOf([
        { field: ' User ', value: 'svc_backup' },
        { field: 'Image|endswith', value: '\\a.exe' },
        { field: 'User', value: 'svc_scan' },
      ]),
    ).toEqual({ User: ['svc_backup', 'svc_scan'], 'Image|endswith': '\\a.exe' });
    expect(whenOf([{ field: '', value: '' }])).toEqual({});
  });

  it('a value without a field is sent, so that the server says what is wrong', () => {
    expect(whenOf([{ field: '', value: 'a' }])).toEqual({ '': 'a' });
  });

  it('are read out', () => {
    expect(
      whenText({ User: ['a', 'b'], 'Image|endswith': 'x.exe', 'C|contains|all': ['p', 'q'], EventID: 1 }),
    ).toBe('User is a or b, and Image endswith x.exe, and C contains all p and q, and EventID is 1');
  });

  it('end with a day, or never', () => {
    expect(endOfDay('2026-12-23')).toBe('2026-12-23T23:59:59Z');
    expect(endOfDay('')).toBeNull();
    expect(dayIn(30, Date.parse('2026-11-23T12:00:00Z'))).toBe('2026-12-23');
  });
});

const rule = (id: string, techniques: string[], change: Partial<Rule> = {}) =>
  ({
    id,
    title: id,
    enabled: true,
    techniques,
    tactics: [],
    tags: [],
    level: 'low',
    own_level: 'low',
    ...change,
  }) as unknown as Rule;

const table = readTable(
  'id,name,short\nTA0006,Credential Access,credential-access\nTA0002,Execution,execution\n',
  [
    'id,name,tactics',
    'T1110,Brute Force,credential-access',
    'T1110.001,Guessing,credential-access',
    'T1110.003,Spraying,credential-access',
    'T1555,Password Stores,credential-access',
    'T1059,Interpreter,execution',
  ].join('\n'),
);

describe('coverage', () => {
  const rules = [
    rule('a', ['T1110.001', 'T1110.003']),
    rule('b', ['T1110']),
    rule('c', ['T1110'], { enabled: false }),
    rule('d', ['T9999'], { tactics: ['TA0002'] }),
  ];

  it('counts a rule once for a technique, and none that is off', () => {
    const [execution, access] = coverageOf(rules, table);
    expect(execution).toMatchObject({ id: 'TA0002', rules: 1, covered: 0 });
    expect(access).toMatchObject({ id: 'TA0006', rules: 2, covered: 1 });
    expect(access?.techniques.map(({ id, rules: n }) => [id, n])).toEqual([
      ['T1110', 2],
      ['T1555', 0],
    ]);
    expect(access?.techniques[0]?.subs.map(({ id, rules: n }) => [id, n])).toEqual([
      ['T1110.001', 1],
      ['T1110.003', 1],
    ]);
  });

  it('each number is that of the rows which its link shows', () => {
    for (const tactic of coverageOf(rules, table)) {
      const rows = (text: string) => applyFilter(rules, readFilter(new URLSearchParams(text)), table).length;
      expect(rows(`tactic=${tactic.id}&on=yes`)).toBe(tactic.rules);
      for (const one of tactic.techniques.flatMap((each) => [each, ...each.subs]))
        expect(rows(`technique=${one.id}&on=yes`)).toBe(one.rules);
    }
  });

  it('names what the table does not know', () => {
    expect(unknownOf(rules, table)).toEqual(['T9999']);
  });

  it('has five steps', () => {
    expect([1, 2, 3, 5, 6, 10, 11, 400].map(stepOf)).toEqual([1, 2, 3, 3, 4, 4, 5, 5]);
  });
});
