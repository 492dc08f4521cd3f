import { describe, expect, it } from 'vitest';
import type { Rule } from '@/shared/api/wire';
import { readTable } from '@/shared/facts/attack';
import { applyFilter, isFiltered, readFilter, valuesOf, type Filter } from './filter';
import { placeOf } from './refusals';
import { alertType, falseText, riskOf, sourceText, wayBack } from './rules';

const rule = (change: Partial<Rule> = {}): Rule => ({
  kind: 'rule',
  id: 'r1',
  title: 'Shadow Copies Deleted',
  author: 'Ana',
  status: 'stable',
  level: 'medium',
  own_level: change.level ?? 'medium',
  enabled: true,
  tags: ['attack.t1490'],
  techniques: ['T1490'],
  tactics: ['TA0040'],
  file: 'data/rules/windows/a.yml',
  line: 1,
  matches: 0,
  since: null,
  matches_24h: 0,
  matches_7d: 0,
  cost: null,
  exceptions: 0,
  closed_alerts: 0,
  false_positives: 0,
  log_source: { product: 'windows', category: 'process_creation', service: '' },
  ...change,
});

const asked = (text: string): Filter => readFilter(new URLSearchParams(text));
const titles = (rules: readonly Rule[], text: string) => applyFilter(rules, asked(text)).map(({ id }) => id);

describe('the filter of rules', () => {
  const rules = [
    rule({
      id: 'a',
      title: 'Brute Force',
      level: 'low',
      techniques: ['T1110.001'],
      tactics: [],
      status: null,
    }),
    rule({ id: 'b', title: 'Shell', level: 'critical', enabled: false, matches_7d: 9, author: 'Ben' }),
    rule({
      id: 'c',
      title: 'Account',
      matches_7d: 3,
      false_positives: 2,
      closed_alerts: 4,
      own_level: 'low',
    }),
  ];

  it('takes all words, in any place, without case', () => {
    expect(titles(rules, 'q=brute')).toEqual(['a']);
    expect(titles(rules, 'q=windows BEN')).toEqual(['b']);
    expect(titles(rules, 'q=windows nobody')).toEqual([]);
  });

  it('narrows by each part, and by all of them together', () => {
    expect(titles(rules, 'level=critical')).toEqual(['b']);
    expect(titles(rules, 'on=no')).toEqual(['b']);
    expect(titles(rules, 'on=yes')).toEqual(['c', 'a']);
    expect(titles(rules, 'status=none')).toEqual(['a']);
    expect(titles(rules, 'source=windows+process_creation&only=fired')).toEqual(['b', 'c']);
    expect(titles(rules, 'only=quiet')).toEqual(['a']);
    expect(titles(rules, 'only=false&on=no')).toEqual([]);
    expect(titles(rules, 'only=changed')).toEqual(['c']);
  });

  it('takes the sub-techniques of a technique, and no longer number', () => {
    expect(titles(rules, 'technique=t1110')).toEqual(['a']);
    expect(titles(rules, 'technique=T1110.001')).toEqual(['a']);
    expect(titles(rules, 'technique=T111')).toEqual([]);
  });

  it('finds the rules of a tactic by its techniques, too', () => {
    const table = readTable(
      'id,name,short\nTA0006,Credential Access,credential-access\n',
      'id,name,tactics\nT1110.001,Guessing,credential-access\n',
    );
    expect(applyFilter(rules, asked('tactic=TA0006'), table).map(({ id }) => id)).toEqual(['a']);
    expect(titles(rules, 'tactic=TA0006')).toEqual([]);
  });

  it('orders by level unless asked otherwise, and by title among equals', () => {
    expect(titles(rules, '')).toEqual(['b', 'c', 'a']);
    expect(titles(rules, 'sort=title')).toEqual(['c', 'a', 'b']);
    expect(titles(rules, 'sort=matches')).toEqual(['b', 'c', 'a']);
    expect(titles(rules, 'sort=false')).toEqual(['c', 'a', 'b']);
  });

  it('says whether anything is hidden: an order hides nothing', () => {
    expect(isFiltered(asked('sort=cost'))).toBe(false);
    expect(isFiltered(asked('sort=cost&technique=T1'))).toBe(true);
  });

  it('counts the values that rules have, the most frequent first', () => {
    expect(valuesOf(rules, (one) => one.status ?? 'none')).toEqual([
      ['stable', 2],
      ['none', 1],
    ]);
  });
});

describe('a change of a rule', () => {
  it('is asked about where alerts would be missed', () => {
    expect(riskOf(rule(), { enabled: false })).toBeNull();
    expect(riskOf(rule({ matches_7d: 214 }), { enabled: false })).toContain('214 events in the last 7 days');
    expect(riskOf(rule({ level: 'high' }), { enabled: false })).toContain('its level is high');
    expect(riskOf(rule({ level: 'high' }), { enabled: true })).toBeNull();
    expect(riskOf(rule({ level: 'critical' }), { level: 'low' })).toContain('level low instead of critical');
    expect(riskOf(rule({ level: 'critical', own_level: 'low' }), { level: null })).toContain('level low');
    expect(riskOf(rule({ level: 'low' }), { level: 'critical' })).toBeNull();
  });

  it('has a way back that keeps the rule’s own level its own', () => {
    expect(wayBack(rule({ enabled: true }), { enabled: false })).toEqual({ enabled: true });
    expect(wayBack(rule(), { level: 'high' })).toEqual({ level: null });
    expect(wayBack(rule({ level: 'high', own_level: 'low' }), { level: null })).toEqual({ level: 'high' });
  });
});

describe('what is said of a rule', () => {
  it('names the type of its alerts as the server does', () => {
    expect(alertType('Shadow Copies Deleted (vssadmin)')).toBe('shadow_copies_deleted_vssadmin');
    expect(alertType('  ')).toBe('sigma_rule');
    expect(alertType(`${'ä'.repeat(39)} abc`)).toBe('a');
  });

  it('says what closed alerts were, and where its events come from', () => {
    expect(falseText(rule())).toBe('none closed');
    expect(falseText(rule({ closed_alerts: 11, false_positives: 2 }))).toBe('2 of 11 (18%)');
    expect(sourceText(rule())).toBe('windows process_creation');
    expect(sourceText(rule({ log_source: null }))).toBe('any');
    expect(sourceText(rule({ kind: 'correlation' }))).toBe('correlation');
  });

  it('takes the place of a refusal apart', () => {
    expect(placeOf('rules/a.yml:12:5')).toEqual({ file: 'rules/a.yml', line: 12, column: 5 });
    expect(placeOf('C:/rules/a.yml:7')).toEqual({ file: 'C:/rules/a.yml', line: 7, column: null });
    expect(placeOf('a.yml')).toEqual({ file: 'a.yml', line: null, column: null });
  });
});
