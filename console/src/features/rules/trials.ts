// Trials on stored events: of a rule, of a text, of an exception.
import { queryOptions } from '@tanstack/react-query';
import { get, send } from '@/shared/api/http';
import type { EventDetail, RuleException, RuleTrial } from '@/shared/api/wire';
import { count } from '@/shared/text/words';

export const eventCounts = [10_000, 100_000, 1_000_000] as const;

export interface ExceptionInput {
  rule_id: string | null;
  when: When;
  reason: string;
  owner: string;
  expires_at: string | null;
}
export type When = Record<string, unknown>;

const slowly = async <T>(path: string, json: unknown): Promise<T> =>
  (await send<T>(path, { method: 'POST', json, slow: true })).body;

export type Tried = { rule_id: string } | { text: string };

export const backtest = (tried: Tried, events: number): Promise<RuleTrial> =>
  slowly('/api/v1/rules/backtest', { ...tried, max_events: events });

export const previewException = (rule: string | null, when: When): Promise<RuleTrial> =>
  slowly('/api/v1/rules/exceptions/preview', { rule_id: rule, when });

export const exceptionsQuery = queryOptions({
  queryKey: ['rules', 'exceptions'],
  queryFn: async ({ signal }) =>
    (await get<{ items: RuleException[] }>('/api/v1/rules/exceptions', signal)).items,
});

export async function addException(input: ExceptionInput): Promise<RuleException> {
  return (await send<RuleException>('/api/v1/rules/exceptions', { method: 'POST', json: input })).body;
}

export async function removeException(id: string): Promise<void> {
  await send(`/api/v1/rules/exceptions/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

// The same again, after it was deleted; one that expired meanwhile cannot be.
export const inputOf = (one: RuleException): ExceptionInput => ({
  rule_id: one.rule_id,
  when: one.when,
  reason: one.reason,
  owner: one.owner,
  expires_at: one.expires_at,
});

export const eventQuery = (seq: number) =>
  queryOptions({
    queryKey: ['event', seq],
    queryFn: ({ signal }) => get<EventDetail>(`/api/v1/events/${seq}`, signal),
    staleTime: Infinity,
  });

// "Would have fired 214 times on 3 hosts, for 2 users": `act` is "fired" or "hidden".
export function trialText(trial: RuleTrial, act: 'fired' | 'hidden'): string {
  if (trial.events === 0) return 'No event is stored, so there is nothing to try it on.';
  const read = trial.in_part
    ? `the newest ${count(trial.events, 'event')} of more`
    : `all ${count(trial.events, 'stored event')}`;
  if (trial.matches === 0) return `Would have ${act === 'fired' ? 'fired on' : 'hidden'} nothing in ${read}.`;
  const where = [
    trial.hosts.different > 0 ? ` on ${count(trial.hosts.different, 'host')}` : '',
    trial.users.different > 0 ? `, for ${count(trial.users.different, 'user')}` : '',
  ].join('');
  const what =
    act === 'fired'
      ? `fired ${count(trial.matches, 'time')}`
      : `hidden ${count(trial.matches, 'match', 'matches')}`;
  return `Would have ${what}${where}, in ${read}.`;
}

export interface Condition {
  field: string; // with modifiers: "CommandLine|contains"
  value: string;
}

// A field that is named twice takes any of its values; all fields must hold.
export function whenOf(conditions: readonly Condition[]): When {
  const when = new Map<string, string[]>();
  for (const { field, value } of conditions) {
    const name = field.trim();
    if (name !== '' || value !== '') when.set(name, [...(when.get(name) ?? []), value]);
  }
  return Object.fromEntries(
    [...when].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

// "User = svc_backup or svc_scan, and Image endswith agent.exe"
export function whenText(when: When): string {
  return Object.entries(when)
    .map(([name, value]) => {
      const [field = '', ...modifiers] = name.split('|');
      const values = (Array.isArray(value) ? value : [value]).map((one) =>
        typeof one === 'string' ? one : JSON.stringify(one),
      );
      return `${field} ${modifiers.join(' ') || 'is'} ${values.join(modifiers.includes('all') ? ' and ' : ' or ')}`;
    })
    .join(', and ');
}

// The end of a day as the server writes times; no day is no end.
export const endOfDay = (day: string): string | null => (day === '' ? null : `${day}T23:59:59Z`);
export const dayIn = (days: number, now: number): string =>
  new Date(now + days * 86_400_000).toISOString().slice(0, 10);
