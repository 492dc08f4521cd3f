// What the server says of its query language: its fields, and what a text means or where it is wrong.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, post } from '@/shared/api/http';
import type { Kind, QueryField, QueryLanguage, QueryMeaning } from '@/shared/api/wire';

export const languageQuery = queryOptions({
  queryKey: ['query-language'],
  queryFn: ({ signal }) => get<QueryLanguage>('/api/v1/query-language', signal),
  staleTime: Infinity,
});

const kRestMs = 200;

export type Fault = NonNullable<QueryMeaning['error']>;

// Null while the text is right, empty or still being read.
export function useFault(kind: Kind, text: string): Fault | null {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setRested(text);
    }, kRestMs);
    return () => {
      window.clearTimeout(timer);
    };
  }, [text]);
  const { data } = useQuery({
    queryKey: ['meaning', kind, rested],
    queryFn: () => post<QueryMeaning>('/api/v1/query-language/parse', { q: rested, subject: kind }),
    enabled: rested.trim() !== '',
    staleTime: Infinity,
    gcTime: 60_000,
  });
  return rested === text && rested.trim() !== '' ? (data?.error ?? null) : null;
}

export function faultText({ column, detail, hint }: Fault): string {
  const first = detail.charAt(0).toUpperCase() + detail.slice(1);
  const rest = hint.replace('?; ', '? Or ');
  const then = rest === '' ? '' : ` ${rest.charAt(0).toUpperCase()}${rest.slice(1)}`;
  return `${first}, column ${column}.${then}${/[.?]$/.test(then) || then === '' ? '' : '.'}`;
}

// From the column to the end of the word there; at the end of the text the last character.
export function faultRange(text: string, { column }: Fault): [start: number, end: number] {
  const characters = [...text];
  const start = characters.slice(0, column - 1).join('').length;
  if (start >= text.length) return [Math.max(0, text.length - 1), text.length];
  const word = /^[^\s:=<>~!,()]+/.exec(text.slice(start))?.[0] ?? text.slice(start, start + 1);
  return [start, start + word.length];
}

// The text with what the server offers in place of what it does not know.
export function mended(text: string, fault: Fault): { word: string; text: string } | null {
  const word = /did you mean "([^"]+)"/i.exec(fault.hint)?.[1];
  if (!word) return null;
  const [start, end] = faultRange(text, fault);
  return { word, text: text.slice(0, start) + word + text.slice(end) };
}

export interface Offer {
  insert: string;
  name: string;
  hint: string;
}

export interface Offers {
  from: number; // what the choice replaces, up to the caret
  items: readonly Offer[];
}

const kOffers = 8;
const none: Offers = { from: 0, items: [] };

// What may stand where the caret is: a field while its name is typed, then its values.
export function offersAt(text: string, caret: number, fields: readonly QueryField[]): Offers {
  const before = text.slice(0, caret);
  if ((before.match(/(?<!\\)"/g) ?? []).length % 2 === 1) return none;
  const token = /[^\s()]*$/.exec(before)?.[0] ?? '';
  const sign = /^-?([a-z_]+)(?::(?:>=|>|<=|<)?|!=|>=|<=|=|>|<)/.exec(token);
  if (sign) return valuesAt(caret, token.slice(sign[0].length), fieldOf(fields, sign[1] ?? ''));
  const typed = token.replace(/^-/, '').toLowerCase();
  if (typed === '') return none;
  const found = fields
    .filter(({ name, aliases }) => [name, ...aliases].some((one) => one.startsWith(typed)))
    .slice(0, kOffers);
  return {
    from: caret - typed.length,
    items: found.map(({ name, description, example }) => ({
      insert: `${name}:`,
      name,
      hint: `${description}, for example ${example}`,
    })),
  };
}

function fieldOf(fields: readonly QueryField[], name: string): QueryField | undefined {
  return fields.find((field) => field.name === name || field.aliases.includes(name));
}

function valuesAt(caret: number, written: string, field: QueryField | undefined): Offers {
  const typed = written.slice(written.lastIndexOf(',') + 1).toLowerCase();
  const found =
    field?.values.filter((value) => value.toLowerCase().startsWith(typed) && value !== typed) ?? [];
  return {
    from: caret - typed.length,
    items: found
      .slice(0, kOffers)
      .map((value) => ({ insert: `${value} `, name: value, hint: field?.name ?? '' })),
  };
}
