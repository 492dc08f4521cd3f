// What the page of suppressions asks of the server, and what it says of one.
import { queryOptions } from '@tanstack/react-query';
import { get, post, send } from '@/shared/api/http';
import type { Suppression, SuppressionPreview } from '@/shared/api/wire';
import { term } from '@/shared/query/write';
import { age, count, percent } from '@/shared/text/words';

export type State = Suppression['state'];
export type Watched = Suppression['watch'][number];

export const states: readonly (readonly [State, string])[] = [
  ['active', 'Active'],
  ['needs_review', 'Stopped, to review'],
  ['expired', 'Expired'],
  ['lifted', 'Lifted'],
];
export const stateWord = (state: State): string => states.find(([name]) => name === state)?.[1] ?? state;
export const stateOf = (text: string | null): State | null =>
  states.find(([name]) => name === text)?.[0] ?? null;

export const watchable: readonly (readonly [Watched, string])[] = [
  ['user', 'user'],
  ['host', 'host'],
  ['ip', 'address'],
];

const kBase = '/api/v1/suppressions';
const pathOf = (id: string) => `${kBase}/${encodeURIComponent(id)}`;

export const listQuery = queryOptions({
  queryKey: ['suppressions'],
  queryFn: async ({ signal }) => (await get<{ items: Suppression[] }>(kBase, signal)).items,
  refetchInterval: 10_000,
});

export const oneQuery = (id: string) =>
  queryOptions({
    queryKey: ['suppressions', id],
    queryFn: ({ signal }) => send<Suppression>(pathOf(id), { signal }),
  });

export interface Draft {
  name: string;
  reason: string;
  q: string;
  watch: readonly Watched[];
  until: string; // a day, which ends with it
}

export interface Input {
  name: string;
  reason: string;
  q: string;
  watch: readonly Watched[];
  expires_at: string;
  accept_missed: boolean;
  state: 'active';
}

const endOfDay = (day: string) => (day === '' ? '' : `${day}T23:59:59Z`);
export const dayIn = (days: number, now: number): string =>
  new Date(now + days * 86_400_000).toISOString().slice(0, 10);

export const toDraft = (one: Suppression): Draft => ({
  name: one.name,
  reason: one.reason,
  q: one.q,
  watch: one.watch,
  until: one.expires_at.slice(0, 10),
});

// What a draft sends: all of a new one, what differs of one that is there.
export function inputOf(draft: Draft, stored: Suppression | null, acceptMissed: boolean): Partial<Input> {
  const { name, reason, q, watch, until } = draft;
  const before = stored && toDraft(stored);
  const all: Partial<Input> = {
    ...(before?.name === name ? {} : { name }),
    ...(before?.reason === reason ? {} : { reason }),
    ...(before?.q === q ? {} : { q }),
    ...(before && sameKinds(before.watch, watch) ? {} : { watch }),
    ...(before?.until === until ? {} : { expires_at: endOfDay(until) }),
  };
  return acceptMissed ? { ...all, accept_missed: true } : all;
}

const sameKinds = (a: readonly Watched[], b: readonly Watched[]) =>
  a.length === b.length && a.every((kind) => b.includes(kind));

export async function add(input: Partial<Input>): Promise<Suppression> {
  return post<Suppression>(kBase, input);
}

export async function change(
  id: string,
  input: Partial<Input>,
  ifMatch: string | null,
): Promise<Suppression> {
  return (await send<Suppression>(pathOf(id), { method: 'PATCH', json: input, ifMatch })).body;
}

export async function lift(id: string): Promise<Suppression> {
  return (await send<Suppression>(pathOf(id), { method: 'DELETE' })).body;
}

export interface Reopened {
  reopened: number;
  in_part: boolean;
}
export async function reopen(id: string): Promise<Reopened> {
  return (await send<Reopened>(`${pathOf(id)}/reopen`, { method: 'POST', json: {}, slow: true })).body;
}

export async function preview(q: string, watch: readonly Watched[]): Promise<SuppressionPreview> {
  return (
    await send<SuppressionPreview>(`${kBase}/preview`, { method: 'POST', json: { q, watch }, slow: true })
  ).body;
}

export const reopenedText = ({ reopened, in_part: more }: Reopened): string =>
  reopened === 0
    ? 'Nothing to open: no alert is closed by it.'
    : `${count(reopened, 'alert')} opened again.${more ? ' There are more: open again for the rest.' : ''}`;

// Alerts by a search, closed ones too.
export const alertsFound = (q: string): string => `/queue?list=alerts&q=${encodeURIComponent(q)}`;
export const hiddenBy = (id: string): string => alertsFound(term('tag', `suppressed:${id}`));

// A search of its own stays one when something is asked in addition.
export const narrowed = (q: string, more: string): string => `(${q}) ${more}`;

export function hiddenText(found: SuppressionPreview): string {
  const { alerts, occurrences } = found.would_have_hidden;
  const read = found.in_part
    ? `the newest ${count(found.alerts, 'alert')}`
    : `all ${count(found.alerts, 'alert')}`;
  if (alerts === 0) return `Would have hidden nothing of ${read} of the last 30 days.`;
  const repeats = occurrences > alerts ? `, seen ${count(occurrences, 'time')}` : '';
  return `Would have hidden ${count(alerts, 'alert')}${repeats}, of ${read} of the last 30 days.`;
}

export function decidedText({
  would_have_hidden: hidden,
  people,
  real_share_at_most: most,
}: SuppressionPreview): string {
  if (hidden.decided === 0) return 'Nobody has said yet what these are.';
  const words = [
    [hidden.false_positive, 'false'],
    [hidden.benign_positive, 'real but allowed'],
    [hidden.true_positive, 'real'],
  ] as const;
  const said = words
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}`)
    .join(', ');
  return `${count(people, 'person', 'people')} decided ${hidden.decided} of them: ${said}. At most ${percent(most)} of them are real, with 95% confidence.`;
}

export const expiryText = (one: Suppression, now: number): string => {
  const left = Date.parse(one.expires_at) - now;
  return left >= 0 ? `in ${age(left)}` : `${age(-left)} ago`;
};

export const watchText = (watch: readonly Watched[]): string =>
  watch.length === 0
    ? 'a jump in volume'
    : `a new ${watchable
        .filter(([kind]) => watch.includes(kind))
        .map(([, word]) => word)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}, or a jump in volume`;
