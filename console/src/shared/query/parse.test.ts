import { describe, expect, it } from 'vitest';
import { clearField, matches, parse, removeTerm, setTerm, write, type Matchable } from './parse';

const row: Matchable = {
  title: 'Shadow copies deleted on ws-114',
  severity: 'high',
  status: 'in_progress',
  priority: 81,
  assignee: 'ana',
  source: 'wazuh',
  type: 'ransomware',
  verdict: 'undecided',
  requires_review: true,
};

describe('query text', () => {
  it('reads fields, comparisons, negation, words and quotes', () => {
    const { terms, errors } = parse('severity:>=medium source:cef status:open shadow "two words"');
    expect(errors).toEqual([]);
    expect(terms.map(({ field, op, value }) => [field, op, value])).toEqual([
      ['severity', '>=', 'medium'],
      ['source', '', 'cef'],
      ['status', '', 'open'],
      [null, '', 'shadow'],
      [null, '', 'two words'],
    ]);
  });

  it('leaves addresses and dotted names as words', () => {
    const { terms, errors } = parse('https://evil.example/a a.b:1 2001:db8::1');
    expect(errors).toEqual([]);
    expect(terms.map((term) => term.value)).toEqual(['https://evil.example/a', 'a.b:1', '2001:db8::1']);
  });

  it('points at an unknown field and offers the near one', () => {
    const { errors } = parse('words sevrity:high');
    expect(errors).toEqual([
      { start: 6, end: 13, message: 'Unknown field `sevrity` at 7. Did you mean `severity`?' },
    ]);
  });

  it('refuses values that cannot be', () => {
    expect(parse('severity:urgent').errors[0]?.message).toContain('`urgent` is no severity');
    expect(parse('priority:many requires_review:perhaps').errors).toHaveLength(2);
  });

  it('edits the text and nothing else', () => {
    expect(setTerm('foo severity:low bar', 'severity', 'high', '>=')).toBe('foo bar severity:>=high');
    expect(setTerm('', 'assignee', 'j ro')).toBe('assignee:"j ro"');
    expect(clearField('a status:new b status:closed', 'status')).toBe('a b');
    const text = 'severity:high words';
    const first = parse(text).terms[0];
    expect(first && removeTerm(text, first)).toBe('words');
  });

  it('round trips every term it reads', () => {
    for (const text of ['severity:>=high', 'type:ssh_bruteforce', '"a b"', 'assignee:none', 'priority:>=40'])
      expect(parse(text).terms.map(write).join(' ')).toBe(text);
  });

  it('never throws, whatever is typed', () => {
    for (const text of [
      ':',
      '-',
      '"',
      'a:',
      ':b',
      '-:"',
      'severity:',
      '>=',
      '\u0000',
      '🚨:x',
      'x'.repeat(5000),
    ])
      expect(() => parse(text)).not.toThrow();
  });
});

describe('matching a live row', () => {
  it('takes open literally for incidents', () => {
    const incident = { ...row, source: undefined };
    expect(matches(parse('status:open'), incident)).toBe(false);
    expect(matches(parse('status:open,in_progress'), incident)).toBe(true);
  });

  it.each([
    ['', true],
    ['severity:>=medium', true],
    ['severity:critical', false],
    ['severity:high,critical', true],
    ['status:open', true],
    ['status:closed', false],
    ['assignee:none', false],
    ['assignee:Ana', true],
    ['assignee:me', false],
    ['incident:IN-1', false],
    ['requires_review:true', true],
    ['priority:>=80', true],
    ['shadow WS-114', true],
    ['shadow missing', false],
    ['source:wazuh type:ransomware', true],
    ['verdict:true_positive', false],
  ])('%s → %s', (text, expected) => {
    expect(matches(parse(text), row)).toBe(expected);
  });
});
