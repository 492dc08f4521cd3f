import { expect, it } from 'vitest';
import {
  boundText,
  holds,
  policyOf,
  promiseText,
  share,
  shareOf,
  typedOf,
  type AutoClose,
} from './autoClose';

it('reads percent with point or comma, and nothing else', () => {
  expect(['1', '0.5', '0,5', ' 20 '].map(shareOf)).toEqual([0.01, 0.005, 0.005, 0.2]);
  expect(['', '1e3', '-1', '5%', 'x'].map((text) => Number.isNaN(shareOf(text)))).toEqual(
    Array(5).fill(true),
  );
});

it('shows a policy as it is typed and back', () => {
  const policy = { max_missed_share: 0.001, confidence: 0.999, wait_minutes: 0 };
  expect(typedOf(policy)).toEqual({ missed: '0.1', confidence: '99.9', wait: '0' });
  expect(policyOf(typedOf(policy)).faults.size).toBe(0);
});

it('says at which field a number is out of bounds', () => {
  const wrong = policyOf({ missed: '20.1', confidence: '79', wait: '1.5' });
  expect([...wrong.faults.keys()]).toEqual(['max_missed_share', 'confidence', 'wait_minutes']);
  expect(policyOf({ missed: '20', confidence: '99.9', wait: '1440' }).faults.size).toBe(0);
});

it('does not round bounds away', () => {
  expect([0.001, 0.0125, 0.2].map(share)).toEqual(['0.1%', '1.25%', '20%']);
  expect(promiseText({ max_missed_share: 0.005, confidence: 0.95, wait_minutes: 15 })).toContain(
    'at most 0.5%',
  );
  const bound = { real_decisions: 299, missed: 1, missed_share: 0.003, missed_share_at_most: 0.0158 };
  expect(boundText(bound)).toBe('1 of 299 real decisions missed, at most 1.58%');
  const standing = { achieved: bound, max_missed_share: 0.01 } as AutoClose;
  expect([holds(standing), holds({ ...standing, achieved: null })]).toEqual([false, null]);
});
