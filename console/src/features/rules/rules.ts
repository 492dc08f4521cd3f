// What the rule pages ask of the server, and what they say of a rule.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, query, send } from '@/shared/api/http';
import type { Rule, RuleDetail, RuleLevel, RulePage, RuleState } from '@/shared/api/wire';
import { alertsWhere } from '@/shared/query/write';
import { count, percent } from '@/shared/text/words';

export const levels: readonly RuleLevel[] = ['critical', 'high', 'medium', 'low', 'informational'];

const rank = (level: RuleLevel) => levels.length - levels.indexOf(level);

// Its level as the severity of the alerts that it makes.
export const severityOf = (level: RuleLevel): string => (level === 'informational' ? 'info' : level);

// The server's own page of at most 1,000; all of them are kept, so that filters and order answer at once.
export const rulesQuery = infiniteQueryOptions({
  queryKey: ['rules', 'list'],
  queryFn: ({ pageParam, signal }) =>
    get<RulePage>(`/api/v1/rules${query({ limit: 1000, cursor: pageParam })}`, signal),
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor ?? undefined,
  staleTime: 30_000,
});

export const ruleQuery = (id: string) =>
  queryOptions({
    queryKey: ['rules', 'one', id],
    queryFn: ({ signal }) => get<RuleDetail>(rulePath(id), signal),
  });

export const stateQuery = queryOptions({
  queryKey: ['rules', 'state'],
  queryFn: ({ signal }) => get<RuleState>('/api/v1/rules/state', signal),
  refetchInterval: 10_000,
});

const rulePath = (id: string) => `/api/v1/rules/${encodeURIComponent(id)}`;
export const rulePage = (id: string) => `/rules/rule/${encodeURIComponent(id)}`;

export interface RuleChange {
  enabled?: boolean;
  level?: RuleLevel | null; // null: the rule's own again
}

export async function changeRule(id: string, change: RuleChange): Promise<RuleDetail> {
  return (await send<RuleDetail>(rulePath(id), { method: 'PATCH', json: change })).body;
}

// What brings the rule back to what it was.
export function wayBack(rule: Rule, change: RuleChange): RuleChange {
  return {
    ...(change.enabled === undefined ? {} : { enabled: rule.enabled }),
    ...(change.level === undefined ? {} : { level: rule.level === rule.own_level ? null : rule.level }),
  };
}

// Why a change is asked about first; null where it can be made at once.
export function riskOf(rule: Rule, change: RuleChange): string | null {
  const level = change.level === null ? rule.own_level : change.level;
  if (change.enabled === false) {
    const reasons = [
      rule.matches_7d > 0 ? `it matched ${count(rule.matches_7d, 'event')} in the last 7 days` : '',
      rank(rule.level) >= rank('high') ? `its level is ${rule.level}` : '',
    ].filter(Boolean);
    return reasons.length === 0
      ? null
      : `No alert comes of this rule while it is off, and ${reasons.join(', and ')}.`;
  }
  if (level !== undefined && rank(level) < rank(rule.level) && rank(rule.level) >= rank('high'))
    return `Alerts of this rule come with the level ${level} instead of ${rule.level}, and so further down in the queue.`;
  return null;
}

export function doneText(rule: Rule, change: RuleChange): string {
  if (change.enabled !== undefined) return `${rule.title} is ${change.enabled ? 'on' : 'off'}.`;
  return `${rule.title} reports as ${change.level ?? rule.own_level}.`;
}

// "windows process_creation", "aws cloudtrail"; correlations read what rules found.
export function sourceText(rule: Rule): string {
  if (rule.kind === 'correlation') return 'correlation';
  const { product = '', category = '', service = '' } = rule.log_source ?? {};
  return [product, category, service].filter(Boolean).join(' ') || 'any';
}

// What closed alerts say of it: "2 of 11 (18%)".
export function falseText(rule: Rule): string {
  const { closed_alerts: closed, false_positives: wrong } = rule;
  return closed === 0 ? 'none closed' : `${wrong} of ${closed} (${percent(wrong / closed)})`;
}

// The type of the alerts that a rule makes, as src/detect/finding.cpp writes it.
export function alertType(title: string): string {
  const bytes = new TextDecoder('latin1').decode(new TextEncoder().encode(title).slice(0, 80));
  return (
    bytes
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_|_$/g, '')
      .toLowerCase() || 'sigma_rule'
  );
}

export const alertsOf = (rule: Rule, ...more: (readonly [string, string])[]): string =>
  alertsWhere(['source', 'detection'], ['type', alertType(rule.title)], ...more);

// The share of the rules' own time, which tells them apart; the figure itself on the rule's page.
export const costText = (rule: Rule): string =>
  rule.cost
    ? `${Math.round(rule.cost.us_per_1000_events * 10) / 10} µs, ${percent(rule.cost.share)}`
    : 'not measured';
