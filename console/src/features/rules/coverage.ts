// What the enabled rules cover of ATT&CK, counted as the list of rules filters, so that each number opens its rows.
import type { AttackTable } from '@/shared/facts/attack';
import type { Rule } from '@/shared/api/wire';
import { hasTactic } from './filter';

export interface Covered {
  id: string;
  name: string;
  rules: number; // with those of its sub-techniques
  subs: readonly Covered[];
}

export interface TacticCoverage {
  id: string;
  name: string;
  rules: number;
  covered: number; // techniques with a rule
  techniques: readonly Covered[];
}

export function coverageOf(rules: readonly Rule[], table: AttackTable): TacticCoverage[] {
  const on = rules.filter(({ enabled }) => enabled);
  const counts = countsOf(on);
  return table.tactics.map(({ id, name, short }) => {
    const own = [...table.techniques].filter(([, one]) => one.tactics.includes(short)).map(([key]) => key);
    const techniques = own
      .filter((key) => !key.includes('.'))
      .map((key) => ({
        ...covered(key, counts, table),
        subs: own.filter((sub) => sub.startsWith(`${key}.`)).map((sub) => covered(sub, counts, table)),
      }))
      .sort((a, b) => b.rules - a.rules || (a.id < b.id ? -1 : 1));
    return {
      id,
      name,
      rules: on.filter((rule) => hasTactic(rule, id, table)).length,
      covered: techniques.filter((one) => one.rules > 0).length,
      techniques,
    };
  });
}

const covered = (id: string, counts: ReadonlyMap<string, number>, table: AttackTable): Covered => ({
  id,
  name: table.techniques.get(id)?.name ?? 'name not known',
  rules: counts.get(id) ?? 0,
  subs: [],
});

// A rule counts once for a technique, however many of its sub-techniques it names.
function countsOf(rules: readonly Rule[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { techniques } of rules)
    for (const id of new Set(techniques.flatMap((one) => [one, one.replace(/\..*/, '')])))
      counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

// Techniques that rules name and this table does not know; they would be missing without a word.
export function unknownOf(rules: readonly Rule[], table: AttackTable): string[] {
  const named = rules.filter(({ enabled }) => enabled).flatMap(({ techniques }) => techniques);
  return [...new Set(named)].filter((id) => !table.techniques.has(id)).sort();
}

// One of five steps, by how many rules there are: 1, 2, 3 to 5, 6 to 10, more.
export function stepOf(rules: number): number {
  if (rules <= 2) return rules;
  if (rules <= 5) return 3;
  return rules <= 10 ? 4 : 5;
}
