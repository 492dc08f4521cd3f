// The query text of the queue, read for chips and to know whether a live row matches. The server alone decides what a
// query means (docs/query-language.md): what is not understood here is shown as it is and may match.

import type { Kind } from '@/shared/api/wire';
import { me } from '@/shared/session';
import { quoted } from './write';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export interface Term {
  field: string | null; // null: a free word
  op: string; // ":", ">=", "!=" …; empty for a word
  value: string; // without its quotes
  negated: boolean;
  plain: boolean; // a value or a list of values, nothing else
  start: number; // place in the text
  end: number;
}

export interface Query {
  terms: Term[]; // each may be taken out by itself
  joined: boolean; // by OR or AND: the whole text is one term
}

export function parse(text: string): Query {
  const chunks = chunksOf(text);
  const words = chunks.map(({ start, end }) => text.slice(start, end));
  const [first] = chunks;
  const last = chunks.at(-1);
  if (first && last && words.some((word) => word === 'OR' || word === 'AND'))
    return { terms: [opaque(text, first.start, last.end, false)], joined: true };
  const terms: Term[] = [];
  for (let i = 0; i < chunks.length; i++) {
    const { start, end } = chunks[i] as Chunk;
    const next = chunks[i + 1];
    if (words[i] === 'NOT' && next) {
      i += 1;
      terms.push(opaque(text, start, next.end, true));
    } else terms.push(termOf(text.slice(start, end), start, end));
  }
  return { terms, joined: false };
}

interface Chunk {
  start: number;
  end: number;
}

// What blanks divide outside of quotes and parentheses.
export function chunksOf(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let start = -1;
  let depth = 0;
  let inside = false; // of quotes
  for (let i = 0; i <= text.length; i++) {
    const char = text[i] ?? ' ';
    if (inside && char === '\\' && /["\\]/.test(text[i + 1] ?? '')) i += 1;
    else if (char === '"') inside = !inside;
    else if (!inside && char === '(') depth += 1;
    else if (!inside && char === ')') depth -= 1;
    const ends = i >= text.length || (!inside && depth <= 0 && /\s/.test(char));
    if (start < 0 && !ends) start = i;
    if (start < 0 || !ends) continue;
    chunks.push({ start, end: Math.min(i, text.length) });
    start = -1;
  }
  return chunks;
}

function opaque(text: string, start: number, end: number, negated: boolean): Term {
  return { field: null, op: '', value: text.slice(start, end), negated, plain: false, start, end };
}

const shape = /^(-?)([a-z_]+)(:|=|!=|~|>=|>|<=|<)(?!\/\/)(.*)$/s;

function termOf(chunk: string, start: number, end: number): Term {
  const match = shape.exec(chunk);
  if (!match) {
    const negated = chunk.startsWith('-') && chunk.length > 1;
    const plain = !chunk.startsWith('(') && !negated;
    return { field: null, op: '', value: unquoted(chunk), negated, plain, start, end };
  }
  const [, minus, field = '', sign = '', rest = ''] = match;
  const inner = sign === ':' ? /^(>=|>|<=|<)/.exec(rest)?.[0] : undefined;
  const value = inner ? rest.slice(inner.length) : rest;
  const plain = /^"(?:[^"\\]|\\.)*"$/s.test(value) || /^[^"()*~]+$/.test(value.replace('..', '('));
  return {
    field,
    op: inner ?? sign,
    value: unquoted(value),
    negated: minus === '-',
    plain,
    start,
    end,
  };
}

function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(["\\])/g, '$1') : text.replace(/^"/, '');
}

export function write(field: string, op: string, value: string): string {
  const list = /^[\w@]+(,[\w@]+)+$/.test(value);
  return `${field}${op}${list ? value : quoted(value)}`;
}

export function removeTerm(text: string, term: Pick<Term, 'start' | 'end'>): string {
  return `${text.slice(0, term.start).trimEnd()} ${text.slice(term.end).trimStart()}`.trim();
}

// One value a field: replaces what the text says of the field, or adds it.
export function setTerm(text: string, field: string, value: string, op = ':'): string {
  const written = write(field, op, value);
  if (parse(text).joined) return `(${text.trim()}) ${written}`;
  return `${clearField(text, field)} ${written}`.trim();
}

export function clearField(text: string, field: string): string {
  return parse(text)
    .terms.filter((term) => term.field === field)
    .reverse()
    .reduce(removeTerm, text);
}

// What the text asks of those that were there by then: what comes later is left alone.
export function upTo(kind: Kind, text: string, iso: string): string {
  const own = parse(text).joined ? `(${text.trim()})` : text.trim();
  return `${kind === 'alerts' ? 'received' : 'created'}<=${iso} ${own}`.trim();
}

// What a row needs for matching; lists of alerts and incidents both carry it.
export interface Matchable {
  title: string;
  severity: string;
  status: string;
  priority: number;
  assignee?: string | null;
  source?: string;
  type?: string;
  verdict?: string;
  requires_review?: boolean;
  incident_id?: string | null;
  entities?: readonly { value: string }[];
}

// False only where it is known that the row does not match.
export function matches(query: Query, row: Matchable): boolean {
  return query.terms.every((term) => {
    const known = term.plain ? matchesTerm(term, row) : undefined;
    return known === undefined || known !== (term.negated || term.op === '!=');
  });
}

function matchesTerm(term: Term, row: Matchable): boolean | undefined {
  const value = term.value.toLowerCase();
  if (term.field === null)
    return [row.title, row.source, row.type, ...(row.entities ?? []).map((entity) => entity.value)].some(
      (text) => text?.toLowerCase().includes(value),
    );
  if (term.op === '>' || term.op === '<' || term.op === '~') return undefined;
  if (term.field === 'severity')
    return any(value, (word) => compares(term.op, rank(row.severity), rank(word)));
  if (term.field === 'priority') return compares(term.op, row.priority, Number(value));
  if (term.op !== ':' && term.op !== '=' && term.op !== '!=') return undefined;
  return equals[term.field]?.(row, value);
}

// Fields that a row carries itself. Entities of an incident are not in its row: only the server can say.
const equals: Record<string, (row: Matchable, value: string) => boolean | undefined> = {
  status: (row, value) => any(value, (word) => isStatus(row, word)),
  verdict: (row, value) => any(value, (word) => row.verdict === word),
  source: (row, value) => any(value, (word) => row.source?.toLowerCase() === word),
  type: (row, value) => any(value, (word) => row.type?.toLowerCase() === word),
  incident: (row, value) => (row.incident_id ?? '').toLowerCase() === value,
  requires_review: (row, value) => String(row.requires_review ?? false) === value,
  assignee: (row, value) =>
    value === 'none'
      ? !row.assignee
      : row.assignee?.toLowerCase() === (/^@?me$/.test(value) ? me.name : value),
  entity: hasEntity,
  user: hasEntity,
  host: hasEntity,
  ip: hasEntity,
};

function hasEntity(row: Matchable, value: string): boolean | undefined {
  if (value.includes('/')) return undefined; // a network
  return row.entities?.some((entity) => entity.value.toLowerCase() === value);
}

function any(list: string, holds: (word: string) => boolean | undefined): boolean {
  return list.split(',').some((word) => holds(word) ?? true);
}

function rank(severity: string): number {
  return (severities as readonly string[]).indexOf(severity.toLowerCase());
}

// Of alerts `open` is all but closed; of incidents it is a status of its own.
function isStatus(row: Matchable, word: string): boolean {
  return word === 'open' && row.source !== undefined ? row.status !== 'closed' : row.status === word;
}

function compares(op: string, left: number, right: number): boolean | undefined {
  if (right < 0 || Number.isNaN(right)) return undefined;
  if (op === '>=') return left >= right;
  return op === '<=' ? left <= right : left === right;
}
