// Which rules are shown and in what order; all of it stands in the address.
import type { AttackTable } from '@/shared/facts/attack';
import type { Rule } from '@/shared/api/wire';
import { levels, sourceText } from './rules';

export const filterNames = [
  'q',
  'level',
  'on',
  'status',
  'source',
  'tactic',
  'technique',
  'only',
  'sort',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Record<FilterName, string>;

export const orders = [
  ['level', 'Level'],
  ['title', 'Title'],
  ['matches', 'Matches in 7 days'],
  ['false', 'False positives'],
  ['cost', 'Cost'],
] as const;

export const onlys = [
  ['fired', 'matched in 7 days'],
  ['quiet', 'no match in 7 days'],
  ['false', 'false positives'],
  ['changed', 'level changed here'],
  ['excepted', 'with exceptions'],
] as const;

export function readFilter(parameters: URLSearchParams): Filter {
  return Object.fromEntries(filterNames.map((name) => [name, parameters.get(name) ?? ''])) as Filter;
}

export const isFiltered = (filter: Filter): boolean =>
  filterNames.some((name) => name !== 'sort' && filter[name] !== '');

const tests: Record<string, (rule: Rule) => boolean> = {
  fired: (rule) => rule.matches_7d > 0,
  quiet: (rule) => rule.matches_7d === 0,
  false: (rule) => rule.false_positives > 0,
  changed: (rule) => rule.level !== rule.own_level,
  excepted: (rule) => rule.exceptions > 0,
};

// A technique includes its sub-techniques, as in the queries of alerts.
const hasTechnique = (rule: Rule, asked: string) =>
  rule.techniques.some((id) => id === asked || id.startsWith(`${asked}.`));

// Of a tactic: what names it, or names a technique that belongs to it.
export function hasTactic(rule: Rule, tactic: string, table: AttackTable | undefined): boolean {
  if (rule.tactics.includes(tactic)) return true;
  const short = table?.tactics.find(({ id }) => id === tactic)?.short;
  return (
    short !== undefined && rule.techniques.some((id) => table?.techniques.get(id)?.tactics.includes(short))
  );
}

export function applyFilter(rules: readonly Rule[], filter: Filter, table?: AttackTable): Rule[] {
  const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
  const technique = filter.technique.trim().toUpperCase();
  const only = tests[filter.only];
  const passes = (rule: Rule) =>
    (filter.level === '' || rule.level === filter.level) &&
    (filter.on === '' || rule.enabled === (filter.on === 'yes')) &&
    (filter.status === '' || (rule.status ?? 'none') === filter.status) &&
    (filter.source === '' || sourceText(rule) === filter.source) &&
    (technique === '' || hasTechnique(rule, technique)) &&
    (filter.tactic === '' || hasTactic(rule, filter.tactic, table)) &&
    (only === undefined || only(rule)) &&
    hasWords(rule, words);
  return rules.filter(passes).sort(orderOf(filter.sort));
}

function hasWords(rule: Rule, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [rule.title, rule.id, rule.author, rule.file, ...rule.tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

type Order = (a: Rule, b: Rule) => number;
const byTitle: Order = (a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0);
const byLevel: Order = (a, b) => levels.indexOf(a.level) - levels.indexOf(b.level);
const most =
  (of: (rule: Rule) => number): Order =>
  (a, b) =>
    of(b) - of(a);

function orderOf(sort: string): Order {
  const first: Record<string, Order> = {
    level: byLevel,
    matches: most((rule) => rule.matches_7d),
    false: most((rule) => rule.false_positives),
    cost: most((rule) => rule.cost?.us_per_1000_events ?? -1),
  };
  const order = sort === 'title' ? byTitle : (first[sort] ?? byLevel);
  return (a, b) => order(a, b) || byTitle(a, b);
}

// The values that the rules have, the most frequent first.
export function valuesOf(rules: readonly Rule[], of: (rule: Rule) => string): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const rule of rules) counts.set(of(rule), (counts.get(of(rule)) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}
