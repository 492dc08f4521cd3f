import { expect, it } from 'vitest';
import {
  daysOf,
  hiddenText,
  minutesText,
  queueOf,
  searchOf,
  shareText,
  withVerdict,
  type RuleNoise,
} from './noise';

const rule: RuleNoise = {
  rule_id: null,
  source: 'edr',
  type: 'odd login',
  alerts: 15,
  occurrences: 15,
  decided: 4,
  true_positive: 1,
  benign_positive: 0,
  false_positive: 3,
  minutes: 3,
  false_positive_share: 0.75,
  false_positive_share_low: 0.3,
  false_positive_share_high: 0.954,
};

it('says a share only with its interval, and none where nothing was decided', () => {
  expect(shareText(rule)).toBe('75%, 30% to 95%');
  expect(shareText({ ...rule, false_positive_share: null })).toBe('nothing decided');
});

it('finds the alerts of a rule whatever its names hold', () => {
  expect(searchOf(rule)).toBe('source:edr type:"odd login"');
  expect(searchOf({ source: 'a"b', type: 'x' }, 'false_positive')).toBe(
    String.raw`source:"a\"b" type:x verdict:false_positive`,
  );
  expect(withVerdict('user:a OR user:b', 'true_positive')).toBe('(user:a OR user:b) verdict:true_positive');
  expect(queueOf('user:"a&b"', 7)).toBe('/queue?list=alerts&q=(user%3A%22a%26b%22)%20received%3E%3Dnow-7d');
});

it('says what hiding would have meant, the real ones first', () => {
  const hidden = { ...rule, alerts: 15, decided: 13, true_positive: 1, false_positive: 12, minutes: 34.25 };
  expect(hiddenText(hidden)).toBe('15 alerts: 1 real, 12 false, 2 that nobody decided; 34.3 min of work');
  const none = { ...hidden, alerts: 0, decided: 0, true_positive: 0, false_positive: 0, minutes: 0 };
  expect(hiddenText(none)).toBe('0 alerts; 0 min of work');
});

it('takes days and minutes as they are', () => {
  expect(['7', '0', null, 'x'].map(daysOf)).toEqual([7, 30, 30, 30]);
  expect([0, 0.01, 1234.5].map(minutesText)).toEqual(['0 min', 'under 0.1 min', '1,234.5 min']);
});
