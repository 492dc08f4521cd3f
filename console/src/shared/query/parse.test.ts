import { describe, expect, it } from 'vitest';
import { clearField, matches, parse, removeTerm, setTerm, upTo, type Matchable } from './parse';
import { alertsWhere, quoted } from './write';

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
    const { terms, joined } = parse(
      'severity:>=medium priority>=70 source:cef,suricata -status:closed shadow "two words" title:"a \\" b"',
    );
    expect(joined).toBe(false);
    expect(terms.map(({ field, op, value, negated }) => [field, op, value, negated])).toEqual([
      ['severity', '>=', 'medium', false],
      ['priority', '>=', '70', false],
      ['source', ':', 'cef,suricata', false],
      ['status', ':', 'closed', true],
      [null, '', 'shadow', false],
      [null, '', 'two words', false],
      ['title', ':', 'a " b', false],
    ]);
    expect(terms.every((term) => term.plain)).toBe(true);
  });

  it('leaves addresses and dotted names as words', () => {
    const { terms } = parse('https://evil.example/a a.b:1 2001:db8::1');
    expect(terms.map((term) => [term.field, term.value])).toEqual([
      [null, 'https://evil.example/a'],
      [null, 'a.b:1'],
      [null, '2001:db8::1'],
    ]);
  });

  it('keeps what it does not understand in one piece', () => {
    const text = 'user:(alice, "b c") NOT host:web-* (a OR b) priority:70..90';
    const { terms } = parse(text);
    expect(terms.map((term) => text.slice(term.start, term.end))).toEqual([
      'user:(alice, "b c")',
      'NOT host:web-*',
      '(a OR b)',
      'priority:70..90',
    ]);
    expect(terms.some((term) => term.plain)).toBe(false);
    expect(parse(' a OR b ')).toMatchObject({ joined: true, terms: [{ value: 'a OR b' }] });
  });

  it('edits the text and nothing else', () => {
    expect(setTerm('foo severity:low bar', 'severity', 'high', '>=')).toBe('foo bar severity>=high');
    expect(setTerm('', 'assignee', 'j ro')).toBe('assignee:"j ro"');
    expect(setTerm('', 'status', 'open,triaged')).toBe('status:open,triaged');
    expect(setTerm('a OR b', 'status', 'open')).toBe('(a OR b) status:open');
    expect(clearField('a status:new b status:closed', 'status')).toBe('a b');
    expect(removeTerm('a "b  c" d', { start: 0, end: 1 })).toBe('"b  c" d');
  });

  it('is bounded in time without changing what it asks', () => {
    expect(upTo('alerts', '', 'T')).toBe('received<=T');
    expect(upTo('alerts', 'a b', 'T')).toBe('received<=T a b');
    expect(upTo('incidents', 'a OR b', 'T')).toBe('created<=T (a OR b)');
  });

  it('never throws, whatever is typed', () => {
    for (const text of [
      ...[':', '-', '"', 'a:', ':b', '-:"', 'severity:', '>=', '\u0000', '🚨:x', 'x'.repeat(5000)],
      ...['((', '))', ') a (', '"\\', 'NOT', 'OR', 'a:"(b" c', 'AND AND'],
    ])
      expect(() => parse(text)).not.toThrow();
  });
});

describe('written values', () => {
  it.each([
    ['ana', 'ana'],
    ['203.0.113.9', '203.0.113.9'],
    ['two words', '"two words"'],
    ['say "hi"\\', '"say \\"hi\\"\\\\"'],
    ['OR', '"OR"'],
    ['a,b', '"a,b"'],
    ['web*', '"web*"'],
    ['-x', '"-x"'],
    ['', '""'],
  ])('%s → %s', (value, expected) => {
    expect(quoted(value)).toBe(expected);
  });

  it('become an address', () => {
    const address = new URL(alertsWhere(['incident', 'IN-1'], ['entity', 'a b']), 'http://x');
    expect(address.searchParams.get('q')).toBe('incident:IN-1 entity:"a b"');
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
    ['severity>=medium', true],
    ['severity<=medium', false],
    ['severity:critical', false],
    ['severity!=critical', true],
    ['severity:high,critical', true],
    ['status:open', true],
    ['-status:open', false],
    ['status:closed', false],
    ['assignee:none', false],
    ['assignee:Ana', true],
    ['assignee:@me', false],
    ['incident:IN-1', false],
    ['requires_review:true', true],
    ['priority:>=80', true],
    ['priority>=90', false],
    ['shadow WS-114', true],
    ['shadow missing', false],
    ['source:wazuh type:ransomware', true],
    ['verdict:true_positive', false],
  ])('%s → %s', (text, expected) => {
    expect(matches(parse(text), row)).toBe(expected);
  });

  it('says yes where only the server can know', () => {
    for (const text of [
      'a OR b',
      'NOT severity:high',
      'user:(alice,bob)',
      'age<4h',
      'title:*nothing*',
      'ip:10.0.0.0/8',
      'severity:urgent',
      'tag:x',
    ])
      expect(matches(parse(text), row)).toBe(true);
  });
});
