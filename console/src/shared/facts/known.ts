// Reading facts: what each is about, and where what it says is kept.
import type { Fact } from '@/shared/api/wire';
import { query } from '@/shared/api/http';

export function bySubject(facts: readonly Fact[]): readonly { subject: string; own: readonly Fact[] }[] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const own = groups.get(fact.subject);
    if (own) own.push(fact);
    else groups.set(fact.subject, [fact]);
  }
  return [...groups].map(([subject, own]) => ({ subject, own }));
}

const names: Record<string, string> = { iana: 'IANA', cisa_kev: 'CISA KEV' };

const kList = /^(intel_list|warning_list): (.*)$/s;

// "asset_table" → "asset table", "intel_list: ACME CERT" → "intel list ACME CERT".
export function spokenSource(from: string): string {
  const list = kList.exec(from);
  if (list) return `${list[1] === 'intel_list' ? 'intel list' : 'warning list'} ${list[2] ?? ''}`;
  return from.replace(/^(iana|cisa_kev)/, (name) => names[name] ?? name).replaceAll('_', ' ');
}

// The address of the row, list or part that a fact comes from; null when there is none to open.
export function whereKept(fact: Fact, all: readonly Fact[]): string | null {
  const list = kList.exec(fact.from);
  if (list)
    return `/enrichment/${list[1] === 'intel_list' ? 'intel' : 'warning-lists'}${query({ name: list[2] })}`;
  if (fact.from === 'asset_table') return rowAt('assets', fact, all, assetNames(fact));
  if (fact.from === 'user_table') return rowAt('users', fact, all, ['user']);
  return /^(cisa_kev|geoip)/.test(fact.from) ? '/enrichment' : null;
}

// A zone may be of the host's own row or of the network around its address; what else is said is of the row itself.
function assetNames(fact: Fact): readonly string[] {
  if (fact.name === 'network') return ['network'];
  return fact.name.startsWith('network') ? ['network', 'asset'] : ['asset', 'network'];
}

// Rows of a table say their name among the facts of the same subject.
function rowAt(tab: string, fact: Fact, all: readonly Fact[], names: readonly string[]): string {
  for (const wanted of names) {
    const row = all.find(
      ({ name, from, subject }) => name === wanted && from === fact.from && subject === fact.subject,
    );
    if (row) return `/enrichment/${tab}${query({ q: row.value, name: row.value })}`;
  }
  return `/enrichment/${tab}${query({ q: fact.subject })}`;
}
