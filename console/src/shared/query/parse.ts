// The query text of the queue: `severity:>=medium source:cef,suricata status:open words "two words"`. The server parses the
// same grammar and decides; here it is read for chips, error marks, and to know whether a live row matches.

import { me } from '@/shared/session';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

// Both lists know the first row, alerts the second one too.
export const fields = [
  ...(['severity', 'status', 'verdict', 'assignee', 'requires_review', 'priority'] as const),
  ...(['source', 'type', 'incident', 'user', 'host', 'ip', 'entity'] as const),
] as const;
export type Field = (typeof fields)[number];

export interface Term {
  field: Field | null; // null: a free word
  op: '' | '>=';
  value: string;
  start: number; // place in the text
  end: number;
}

export interface QueryError {
  start: number;
  end: number;
  message: string;
}

export interface Query {
  terms: Term[];
  errors: QueryError[];
}

const token = /(?:([a-z_]+):(?!\/\/))?(>=)?(?:"([^"]*)"?|([^\s"]+))/g;

export function parse(text: string): Query {
  const query: Query = { terms: [], errors: [] };
  for (const match of text.matchAll(token)) readToken(match, query);
  return query;
}

function readToken(match: RegExpExecArray, query: Query): void {
  const [whole, name, op, quoted, bare] = match;
  const place = { start: match.index, end: match.index + whole.length };
  if (name === undefined) {
    query.terms.push({ field: null, op: '', value: (op ?? '') + (quoted ?? bare ?? ''), ...place });
    return;
  }
  const field = fields.find((known) => known === name);
  if (!field) {
    query.errors.push({
      start: place.start,
      end: place.start + name.length,
      message: unknownField(name, place.start),
    });
    return;
  }
  const term: Term = { field, op: (op ?? '') as Term['op'], value: quoted ?? bare ?? '', ...place };
  const wrong = wrongValue(term);
  if (wrong) query.errors.push({ ...place, message: wrong });
  else query.terms.push(term);
}

function unknownField(name: string, column: number): string {
  const near = fields.find((known) => distance(known, name) <= 2);
  const ask = near ? `Did you mean \`${near}\`?` : `Known fields: ${fields.join(', ')}.`;
  return `Unknown field \`${name}\` at ${column + 1}. ${ask}`;
}

function wrongValue({ field, op, value }: Term): string | null {
  if (field === 'severity' && !value.split(',').every((word) => rank(word) >= 0))
    return `\`${value}\` is no severity. Known: ${severities.join(', ')}.`;
  if (field === 'requires_review' && value !== 'true' && value !== 'false')
    return 'requires_review is true or false.';
  if (field === 'priority' && (op !== '>=' || !/^\d{1,3}$/.test(value)))
    return 'priority is compared with >=, for example priority:>=80.';
  return null;
}

function rank(severity: string): number {
  return (severities as readonly string[]).indexOf(severity.toLowerCase());
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

export function write(term: Pick<Term, 'field' | 'op' | 'value'>): string {
  const value =
    /[\s"]/.test(term.value) || term.value === '' ? `"${term.value.replace(/"/g, '')}"` : term.value;
  return `${term.field ? `${term.field}:` : ''}${term.op}${value}`;
}

export function removeTerm(text: string, term: Pick<Term, 'start' | 'end'>): string {
  return `${text.slice(0, term.start)} ${text.slice(term.end)}`.replace(/\s+/g, ' ').trim();
}

// One value a field: replaces what the text says of the field, or adds it.
export function setTerm(text: string, field: Field, value: string, op: Term['op'] = ''): string {
  const written = write({ field, op, value });
  let rest = text;
  for (const term of parse(text)
    .terms.filter((known) => known.field === field)
    .reverse())
    rest = removeTerm(rest, term);
  return `${rest} ${written}`.trim();
}

export function clearField(text: string, field: Field): string {
  return parse(text)
    .terms.filter((term) => term.field === field)
    .reverse()
    .reduce(removeTerm, text);
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

export function matches(query: Query, row: Matchable): boolean {
  return query.terms.every((term) => matchesTerm(term, row));
}

function matchesTerm(term: Term, row: Matchable): boolean {
  const value = term.value.toLowerCase();
  switch (term.field) {
    case null:
      return [row.title, row.source, row.type, ...(row.entities ?? []).map((entity) => entity.value)].some(
        (text) => text?.toLowerCase().includes(value),
      );
    case 'severity':
      return value.split(',').some((word) => compares(term.op, rank(row.severity), rank(word)));
    case 'priority':
      return compares(term.op, row.priority, Number(value));
    case 'status':
      return value.split(',').some((word) => isStatus(row, word));
    case 'assignee':
      return value === 'none'
        ? !row.assignee
        : row.assignee?.toLowerCase() === (value === 'me' ? me.name : value);
    case 'requires_review':
      return String(row.requires_review ?? false) === value;
    case 'incident':
      return (row.incident_id ?? '').toLowerCase() === value;
    case 'entity':
    case 'user':
    case 'host':
    case 'ip':
      // Rows without entities may match: only the server can say.
      return (
        row.entities === undefined || row.entities.some((entity) => entity.value.toLowerCase() === value)
      );
    default:
      return value.split(',').includes((row[term.field] ?? '').toLowerCase());
  }
}

// Of alerts `open` is all but closed; of incidents it is a status of its own.
function isStatus(row: Matchable, word: string): boolean {
  return word === 'open' && row.source !== undefined ? row.status !== 'closed' : row.status === word;
}

function compares(op: Term['op'], left: number, right: number): boolean {
  return op === '>=' ? left >= right : left === right;
}
