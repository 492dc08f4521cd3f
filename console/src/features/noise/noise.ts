// What the Noise screen says of rules, proposals and replays.
import { queryOptions } from '@tanstack/react-query';
import { get, query } from '@/shared/api/http';
import type { components } from '@/shared/api/schema';
import { term } from '@/shared/query/write';
import { count, percent } from '@/shared/text/words';

type Schemas = components['schemas'];
export type Noise = Schemas['Noise'];
export type RuleNoise = Schemas['RuleNoise'];
export type NoiseProposal = Schemas['NoiseProposal'];
export type NoiseCount = Schemas['NoiseCount'];
export type NoiseReplay = Schemas['NoiseReplay'];

export const kDays = 30;
export const ranges = [1, 7, 30, 90, 366] as const;

// What the address asks for and is no number of days is the default.
export function daysOf(text: string | null): number {
  const days = /^\d{1,3}$/.test(text ?? '') ? Number(text) : kDays;
  return days >= 1 && days <= 366 ? days : kDays;
}

// "75%, 47% to 91%": never the share without how sure it is.
export function shareText(rule: RuleNoise): string {
  if (rule.false_positive_share === null) return 'nothing decided';
  const { false_positive_share_low: low, false_positive_share_high: high } = rule;
  return `${percent(rule.false_positive_share)}, ${percent(low)} to ${percent(high)}`;
}

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const minutesText = (minutes: number): string =>
  minutes > 0 && minutes < 0.1 ? 'under 0.1 min' : `${numbers.format(minutes)} min`;

export const kindWords: Record<NoiseProposal['kind'], string> = {
  exception: 'Exception',
  threshold: 'Threshold',
  aggregation: 'Aggregation',
};

// The alerts of a rule as a search, by what people called them when a verdict is named.
export function searchOf(rule: Pick<RuleNoise, 'source' | 'type'>, verdict?: string): string {
  const terms = [term('source', rule.source), term('type', rule.type)];
  return [...terms, ...(verdict ? [term('verdict', verdict)] : [])].join(' ');
}

// A verdict added to any search.
export const withVerdict = (q: string, verdict: string): string => `(${q}) ${term('verdict', verdict)}`;

// Those that came in the time that the figures are of.
export const queueOf = (q: string, days: number): string =>
  `/queue?list=alerts&q=${encodeURIComponent(`(${q}) received>=now-${days}d`)}`;

// What hiding would have meant, in one line: "12 alerts: 10 false, 2 nobody decided; 34 min".
export function hiddenText(hidden: NoiseCount): string {
  const undecided = hidden.alerts - hidden.decided;
  const parts = [
    hidden.true_positive > 0 && `${hidden.true_positive} real`,
    hidden.false_positive > 0 && `${hidden.false_positive} false`,
    hidden.benign_positive > 0 && `${hidden.benign_positive} allowed`,
    undecided > 0 && `${undecided} that nobody decided`,
  ].filter((part) => part !== false);
  const split = parts.length > 0 ? `: ${parts.join(', ')}` : '';
  return `${count(hidden.alerts, 'alert')}${split}; ${minutesText(hidden.minutes)} of work`;
}

export const noiseQuery = (days: number) =>
  queryOptions({
    queryKey: ['noise', days],
    queryFn: ({ signal }) => get<Noise>(`/api/v1/noise${query({ days })}`, signal),
  });

export const replayQuery = (q: string, days: number) =>
  queryOptions({
    queryKey: ['noise', days, 'replay', q],
    queryFn: ({ signal }) => get<NoiseReplay>(`/api/v1/noise/replay${query({ q, days })}`, signal),
    enabled: q !== '',
  });
