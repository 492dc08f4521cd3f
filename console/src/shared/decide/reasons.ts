// The closed set of reasons, kept in step with what Sentinel and Defender know.

import type { Item, Severity, Verdict } from '@/shared/api/wire';
import { isAlert } from '@/shared/api/wire';

export interface CloseReason {
  code: string; // what is stored
  key: string;
  text: string;
  verdict: Verdict;
}

export const closeReasons: readonly CloseReason[] = [
  { code: 'malware', key: '1', text: 'Malware', verdict: 'true_positive' },
  { code: 'phishing', key: '2', text: 'Phishing', verdict: 'true_positive' },
  { code: 'account_compromised', key: '3', text: 'Account compromised', verdict: 'true_positive' },
  { code: 'malicious_user', key: '4', text: 'Malicious user', verdict: 'true_positive' },
  { code: 'other_attack', key: '5', text: 'Other attack', verdict: 'true_positive' },
  { code: 'security_test', key: '6', text: 'Security test', verdict: 'benign_positive' },
  { code: 'business_app', key: '7', text: 'Business app', verdict: 'benign_positive' },
  { code: 'user_confirmed', key: '8', text: 'User confirmed', verdict: 'benign_positive' },
  { code: 'rule_logic_wrong', key: '9', text: 'Rule logic wrong', verdict: 'false_positive' },
  { code: 'data_wrong', key: '0', text: 'Data wrong', verdict: 'false_positive' },
  { code: 'not_enough_data', key: 'n', text: 'Not enough data', verdict: 'undecided' },
  { code: 'duplicate', key: 'd', text: 'Duplicate of', verdict: 'undecided' },
];

export const groups: readonly (readonly [string, Verdict])[] = [
  ['Real attack', 'true_positive'],
  ['Real but allowed', 'benign_positive'],
  ['False alarm', 'false_positive'],
  ['Undecided', 'undecided'],
];

// A high or critical one is not closed as allowed or false without a word of why.
export function needsNote(severities: readonly Severity[], reason: CloseReason): boolean {
  const grave = severities.some((severity) => severity === 'high' || severity === 'critical');
  return grave && (reason.verdict === 'benign_positive' || reason.verdict === 'false_positive');
}

// What the suggestion points to, so that Enter is enough.
export function preselected(items: readonly Item[]): CloseReason {
  const verdicts = new Set(items.map((item) => (isAlert(item) ? item.triage.verdict : item.verdict)));
  const only = verdicts.size === 1 ? [...verdicts][0] : 'undecided';
  const codes: Record<Verdict, string> = {
    true_positive: 'other_attack',
    benign_positive: 'business_app',
    false_positive: 'rule_logic_wrong',
    undecided: 'not_enough_data',
  };
  return closeReasons.find((reason) => reason.code === codes[only ?? 'undecided']) as CloseReason;
}

export function storedReason(reason: CloseReason, other: string, note: string): string {
  const base = reason.code === 'duplicate' ? `duplicate of ${other.trim()}` : reason.code;
  return note.trim() === '' ? base : `${base}: ${note.trim()}`;
}

export function reasonText(stored: string): string {
  const [code = '', ...rest] = stored.split(': ');
  const known = closeReasons.find((reason) => reason.code === code);
  return known ? [known.text, ...rest].join(': ') : stored;
}
