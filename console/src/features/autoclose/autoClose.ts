// What the Auto-close screen says of the policy, the promise and what came of it.
import { queryOptions } from '@tanstack/react-query';
import { get, post, query, send } from '@/shared/api/http';
import type { components } from '@/shared/api/schema';
import { count } from '@/shared/text/words';

type Schemas = components['schemas'];
export type AutoClose = Schemas['AutoClose'];
export type Bound = Schemas['AutoCloseBound'];
export type Preview = Schemas['AutoClosePreview'];

export interface Policy {
  max_missed_share: number;
  confidence: number;
  wait_minutes: number;
}

export const stateWords: Record<AutoClose['state'], string> = {
  off: 'Off',
  on: 'On',
  stopped: 'Stopped by itself',
};

export const stopWords: Record<NonNullable<AutoClose['stopped']>['reason'], string> = {
  miss: 'A real alert was missed: what people called real is above the promise.',
  drift: 'The alerts are not of the kind that the threshold was chosen on any more.',
  reviews: 'Too few of the alerts that were kept open for review were decided.',
};

// As typed, in percent; the server takes shares. NaN for what is no number.
export const shareOf = (text: string): number =>
  /^\s*\d+([.,]\d+)?\s*$/.test(text) ? Number(text.replace(',', '.').trim()) / 100 : Number.NaN;

const digits = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

// Bounds matter to a tenth of a percent: they are not rounded to whole ones.
export const share = (value: number): string => `${digits.format(value * 100)}%`;

export interface Typed {
  missed: string;
  confidence: string;
  wait: string;
}

export const typedOf = (policy: Policy): Typed => ({
  missed: digits.format(policy.max_missed_share * 100),
  confidence: digits.format(policy.confidence * 100),
  wait: String(policy.wait_minutes),
});

// What was typed as a policy, or what is wrong by field, before the server is asked.
export function policyOf(typed: Typed): { policy: Policy; faults: Map<string, string> } {
  const policy = {
    max_missed_share: shareOf(typed.missed),
    confidence: shareOf(typed.confidence),
    wait_minutes: /^\s*\d+\s*$/.test(typed.wait) ? Number(typed.wait) : Number.NaN,
  };
  const outside = (value: number, low: number, high: number) =>
    Number.isNaN(value) || value < low - 1e-9 || value > high + 1e-9;
  const faults = new Map<string, string>();
  if (outside(policy.max_missed_share, 0.001, 0.2)) faults.set('max_missed_share', 'From 0.1 to 20 percent.');
  if (outside(policy.confidence, 0.8, 0.999)) faults.set('confidence', 'From 80 to 99.9 percent.');
  if (outside(policy.wait_minutes, 0, 1440)) faults.set('wait_minutes', 'From 0 to 1440 whole minutes.');
  return { policy, faults };
}

// The promise as a sentence, with the numbers that were agreed to.
export const promiseText = ({ max_missed_share: missed, confidence }: Policy): string =>
  `Of the decisions by which people call alerts of low or medium severity real, at most ${share(missed)} may have an alert that is closed unseen. That must be ${share(confidence)} sure.`;

export const boundText = (bound: Bound): string =>
  `${bound.missed} of ${count(bound.real_decisions, 'real decision')} missed, at most ${share(bound.missed_share_at_most)}`;

// Whether decisions since then still agree with the promise.
export const holds = ({ achieved, max_missed_share: promised }: AutoClose): boolean | null =>
  achieved === null ? null : achieved.missed_share_at_most <= promised;

export const autoCloseQuery = queryOptions({
  queryKey: ['auto-close'],
  queryFn: ({ signal }) => get<AutoClose>('/api/v1/auto-close', signal),
});

export const previewQuery = (days: number, policy: Policy | null) =>
  queryOptions({
    queryKey: ['auto-close', 'preview', days, policy?.max_missed_share, policy?.confidence],
    queryFn: ({ signal }) => {
      const { max_missed_share = null, confidence = null } = policy ?? {};
      return get<Preview>(
        `/api/v1/auto-close/preview${query({ days, max_missed_share, confidence })}`,
        signal,
      );
    },
    enabled: policy !== null,
  });

export const setAutoClose = async (body: Partial<Policy> & { enabled: boolean }): Promise<AutoClose> =>
  (await send<AutoClose>('/api/v1/auto-close', { method: 'PUT', json: body })).body;

export const reopenAll = () => post<{ reopened: number; in_part: boolean }>('/api/v1/auto-close/reopen');

export const closedRows = `/queue?list=alerts&q=${encodeURIComponent('close_reason:"auto-close: "')}`;
