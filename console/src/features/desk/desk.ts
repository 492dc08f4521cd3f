// What the Desk screen says of a figure: its words, its way to the goal, and the rows of a shift.
import { queryOptions } from '@tanstack/react-query';
import { get, query } from '@/shared/api/http';
import type { components } from '@/shared/api/schema';
import { percent, plain } from '@/shared/text/words';

type Schemas = components['schemas'];
export type Measures = Schemas['Measures'];
export type Figure = Measures['figures'][number];
export type MeasureRows = Schemas['MeasureRows'];
export type MeasureRow = MeasureRows['items'][number];
type Unit = Figure['unit'];

export const ranges: readonly (readonly [days: number, word: string])[] = [
  [1, 'Last day'],
  [7, 'Last 7 days'],
  [30, 'Last 30 days'],
  [90, 'Last 90 days'],
  [366, 'Last 366 days'],
];

const kDays = 30;

// What the address asks for and is no number of days is the default.
export function daysOf(text: string | null): number {
  const days = /^\d{1,3}$/.test(text ?? '') ? Number(text) : kDays;
  return days >= 1 && days <= 366 ? days : kDays;
}

export const daysText = (days: number): string | null => (days === kDays ? null : String(days));

export type Shift = '00' | '08' | '16';

export const shifts: readonly (readonly [Shift, string])[] = [
  ['00', '00:00 to 08:00 UTC'],
  ['08', '08:00 to 16:00 UTC'],
  ['16', '16:00 to 24:00 UTC'],
];

export const shiftOf = (text: string | null): Shift | null =>
  shifts.find(([name]) => name === text)?.[0] ?? null;

export function inShift({ at }: Pick<MeasureRow, 'at'>, shift: Shift | null): boolean {
  return shift === null || Math.floor(new Date(at).getUTCHours() / 8) * 8 === Number(shift);
}

const titles: Record<string, string> = {
  alert_minutes_to_acknowledge: 'Time to acknowledge, alerts',
  incident_minutes_to_acknowledge: 'Time to acknowledge, incidents',
  alert_minutes_to_triage: 'Time to triage, alerts',
  incident_minutes_to_triage: 'Time to triage, incidents',
  alert_minutes_to_resolve: 'Time to resolve, alerts',
  incident_minutes_to_resolve: 'Time to resolve, incidents',
  false_positive_minutes_to_close: 'Time to close a false positive',
  alert_escalation: 'Escalated alerts',
  incident_escalation: 'Escalated incidents',
  alert_reopened: 'Reopened alerts',
  incident_reopened: 'Reopened incidents',
  alerts_per_shift: 'Alerts per analyst and shift',
  satisfaction_explanation: 'Helpful explanations',
  satisfaction_incident_view: 'Helpful incident views',
  satisfaction_copilot: 'Helpful copilot answers',
  false_positive_share: 'False positives among the decided',
  agreement: 'Probability on the side of the verdict',
};

export const titleOf = (name: string): string => titles[name] ?? plain(name);

// What would give a figure without a sample one.
export function emptyHint(name: string): string {
  if (name === 'satisfaction_copilot')
    return 'Nobody rated a copilot answer. Rate one by its trace id over the API.';
  if (name.startsWith('satisfaction_'))
    return `Nobody rated one. Rate the suggestion on the page of an ${name.endsWith('view') ? 'incident' : 'alert'}.`;
  if (name.endsWith('_to_acknowledge')) return 'Nothing was taken up. Assign one or change its status.';
  if (name.endsWith('_to_resolve')) return 'Nothing was closed. Close one.';
  if (name.endsWith('_reopened')) return 'Nothing was closed. Close one, and it counts.';
  if (name.endsWith('_escalation')) return 'Nothing was taken up. What is then assigned to another counts.';
  if (name === 'false_positive_minutes_to_close')
    return 'No false positive was closed. Set the verdict False alarm and close.';
  if (name === 'alerts_per_shift') return 'Nobody judged or closed an alert. Do so in the queue.';
  return 'Nothing was decided. Set a verdict in the queue.';
}

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function minutesText(minutes: number): string {
  if (minutes < 1 && minutes > 0) return `${Math.max(1, Math.round(minutes * 60))} s`;
  if (minutes < 120) return `${numbers.format(minutes)} min`;
  return minutes < 48 * 60 ? `${numbers.format(minutes / 60)} h` : `${numbers.format(minutes / 1440)} d`;
}

export function valueText(value: number | null, unit: Unit): string {
  if (value === null) return 'no data yet';
  if (unit === 'share') return percent(value);
  return unit === 'minutes' ? minutesText(value) : numbers.format(value);
}

// The value that stands for a figure, beside its goal.
export const mainOf = (figure: Figure): number | null =>
  figure.unit === 'share' ? figure.share : figure.p50;

const moreIsBetter = (name: string): boolean =>
  name === 'alerts_per_shift' || name === 'agreement' || name.startsWith('satisfaction_');

// Null without a goal or a sample.
export function reachesGoal(figure: Figure): boolean | null {
  const value = mainOf(figure);
  if (value === null || figure.goal === null) return null;
  return moreIsBetter(figure.name) ? value >= figure.goal : value <= figure.goal;
}

// Where the parts of the picture of a figure stand, in percent of its width.
export interface Picture {
  bar: number;
  tail: number | null; // the 90th of a hundred
  goal: number | null;
  before: number | null;
}

export function pictureOf(figure: Figure): Picture | null {
  const value = mainOf(figure);
  if (value === null) return null;
  const tail = figure.unit === 'share' ? null : figure.p90;
  const parts = [value, tail, figure.goal, figure.before].filter((part) => part !== null);
  const full = figure.unit === 'share' ? 1 : Math.max(...parts) * 1.05;
  const at = (part: number | null) => (part === null ? null : full > 0 ? (100 * part) / full : 0);
  return { bar: at(value) ?? 0, tail: at(tail), goal: at(figure.goal), before: at(figure.before) };
}

export interface Spread {
  count: number;
  p50: number | null;
  p90: number | null;
  share: number | null;
}

// By nearest rank, as the server does it.
export function spreadOf(rows: readonly MeasureRow[]): Spread {
  const values = rows.map(({ value }) => value).sort((a, b) => a - b);
  const n = values.length;
  const rank = (q: number) => values[Math.max(0, Math.ceil(q * n) - 1)] ?? null;
  const share = n === 0 ? null : values.reduce((sum, value) => sum + value, 0) / n;
  return { count: n, p50: rank(0.5), p90: rank(0.9), share };
}

// A figure of one shift, from all of its rows: it has no goal of another size than the whole.
export const ofShift = (figure: Figure, rows: readonly MeasureRow[], shift: Shift): Figure => {
  const { count, p50, p90, share } = spreadOf(rows.filter((row) => inShift(row, shift)));
  return figure.unit === 'share'
    ? { ...figure, count, share, p50: null, p90: null }
    : { ...figure, count, share: null, p50, p90 };
};

export const measuresQuery = (days: number) =>
  queryOptions({
    queryKey: ['measures', days],
    queryFn: ({ signal }) => get<Measures>(`/api/v1/measures${query({ days })}`, signal),
  });

export const rowsQuery = (figure: string, days: number) =>
  queryOptions({
    queryKey: ['measures', days, 'rows', figure],
    queryFn: ({ signal }) => get<MeasureRows>(`/api/v1/measures/rows${query({ figure, days })}`, signal),
  });
