import { describe, expect, it } from 'vitest';
import type { Suppression, SuppressionPreview } from '@/shared/api/wire';
import {
  decidedText,
  expiryText,
  hiddenBy,
  hiddenText,
  inputOf,
  reopenedText,
  stateOf,
  toDraft,
  watchText,
} from './suppressions';

const one = (change: Partial<Suppression> = {}): Suppression => ({
  id: 'SU-1',
  name: 'own scanner',
  owner: 'ana',
  reason: 'runs every night',
  q: 'user:svc_scan',
  state: 'active',
  watch: ['user', 'ip'],
  known_entities: null,
  learning_until: null,
  accepted_missed: 0,
  hits: 0,
  last_hit_at: null,
  review: null,
  lifted: null,
  expires_at: '2026-12-23T23:59:59Z',
  created_at: '2026-11-23T00:00:00Z',
  updated_at: '2026-11-23T00:00:00Z',
  updated_by: 'ana',
  version: 1,
  ...change,
});

const found = (
  hidden: Partial<SuppressionPreview['would_have_hidden']>,
  change: Partial<SuppressionPreview> = {},
) =>
  ({
    alerts: 5000,
    in_part: false,
    people: 2,
    real_share_at_most: 0.024,
    would_have_hidden: {
      alerts: 214,
      occurrences: 214,
      decided: 0,
      true_positive: 0,
      benign_positive: 0,
      false_positive: 0,
      minutes: 0,
      ...hidden,
    },
    ...change,
  }) as SuppressionPreview;

describe('what is sent', () => {
  it('a new one sends everything', () => {
    expect(inputOf(toDraft(one()), null, false)).toEqual({
      name: 'own scanner',
      reason: 'runs every night',
      q: 'user:svc_scan',
      watch: ['user', 'ip'],
      expires_at: '2026-12-23T23:59:59Z',
    });
  });

  it('an edited one sends what differs: an unchanged search is not learned anew', () => {
    const draft = toDraft(one());
    expect(inputOf({ ...draft, watch: ['ip', 'user'] }, one(), false)).toEqual({});
    expect(inputOf({ ...draft, reason: 'x', watch: ['user'] }, one(), false)).toEqual({
      reason: 'x',
      watch: ['user'],
    });
  });

  it('accepts what was real only when that was said', () => {
    expect(inputOf(toDraft(one()), one(), true)).toEqual({ accept_missed: true });
    expect(inputOf(toDraft(one()), one(), false)).not.toHaveProperty('accept_missed');
  });

  it('a day that was cleared is sent as no time, so that the server says so', () => {
    expect(inputOf({ ...toDraft(one()), until: '' }, one(), false)).toEqual({ expires_at: '' });
  });
});

describe('what is said', () => {
  it('of what it would have hidden', () => {
    expect(hiddenText(found({}))).toBe(
      'Would have hidden 214 alerts, of all 5,000 alerts of the last 30 days.',
    );
    expect(hiddenText(found({ alerts: 1, occurrences: 40 }, { in_part: true }))).toBe(
      'Would have hidden 1 alert, seen 40 times, of the newest 5,000 alerts of the last 30 days.',
    );
    expect(hiddenText(found({ alerts: 0 }))).toContain('hidden nothing');
  });

  it('of what people called these, and not more', () => {
    expect(decidedText(found({}))).toBe('Nobody has said yet what these are.');
    expect(decidedText(found({ decided: 12, false_positive: 10, true_positive: 2 }))).toBe(
      '2 people decided 12 of them: 10 false, 2 real. At most 2% of them are real, with 95% confidence.',
    );
  });

  it('of its end, and of what stops it', () => {
    expect(expiryText(one(), Date.parse('2026-12-20T23:59:59Z'))).toBe('in 3 d');
    expect(expiryText(one(), Date.parse('2026-12-24T02:59:59Z'))).toBe('3 h ago');
    expect(watchText(['ip', 'user', 'host'])).toBe('a new user, host or address, or a jump in volume');
    expect(watchText(['ip'])).toBe('a new address, or a jump in volume');
    expect(watchText([])).toBe('a jump in volume');
  });

  it('of what was opened again', () => {
    expect(reopenedText({ reopened: 0, in_part: false })).toContain('Nothing to open');
    expect(reopenedText({ reopened: 10_000, in_part: true })).toContain('There are more');
  });

  it('its hidden alerts are found by their tag', () => {
    expect(decodeURIComponent(hiddenBy('SU-1'))).toBe('/queue?list=alerts&q=tag:"suppressed:SU-1"');
  });

  it('only known states are taken from the address', () => {
    expect(stateOf('needs_review')).toBe('needs_review');
    expect(stateOf('asleep')).toBeNull();
  });
});
