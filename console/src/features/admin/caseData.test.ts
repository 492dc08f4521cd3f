import { expect, it } from 'vitest';
import { ApiError } from '@/shared/api/http';
import { faultAt, filled, inputOf, listOf, timeOf, without, type CustomerPolicy } from './caseData';

const policy: CustomerPolicy = {
  version: 3,
  set_by: 'ana',
  set_at: null,
  allow_list: [
    { id: 'a', value: '10.2.0.0/24', reason: 'Scanner', expires_at: null },
    { id: 'b', value: 'web-01', reason: 'Test', expires_at: null },
  ],
  rate_limits: [{ id: 'r', name: 'sign-ins', applies_to: '', per_minute: 60 }],
  maintenance_windows: [],
  settings: { auto_block: 'never' },
};

it('sends a policy back as it was, without ids and empty members', () => {
  expect(inputOf(policy)).toEqual({
    allow_list: [
      { value: '10.2.0.0/24', reason: 'Scanner', expires_at: null },
      { value: 'web-01', reason: 'Test', expires_at: null },
    ],
    rate_limits: [{ name: 'sign-ins', per_minute: 60 }],
    maintenance_windows: [],
    settings: { auto_block: 'never' },
  });
});

it('removes the entry that was looked at from a newer version, and no other', () => {
  const newer = inputOf({ ...policy, allow_list: [...policy.allow_list].reverse() });
  expect(without(policy, 'allow_list', 'a')(newer).allow_list.map(({ value }) => value)).toEqual(['web-01']);
  expect(without(policy, 'rate_limits', 'r')(newer).rate_limits).toEqual([]);
});

it('reads lists and times as they are typed', () => {
  expect(listOf(' web-01, web-02\n\ndb ')).toEqual(['web-01', 'web-02', 'db']);
  expect([timeOf('2026-01-18T22:00'), timeOf('soon'), timeOf()]).toEqual([
    '2026-01-18T22:00:00Z',
    'soon',
    '',
  ]);
  expect(filled({ a: '', b: [], c: 'x', d: false })).toEqual({ c: 'x', d: false });
});

it('finds what is wrong with a field wherever its entry stands', () => {
  const error = new ApiError(422, { errors: [{ pointer: '/allow_list/3/value', detail: 'is too wide' }] });
  expect([faultAt(error, 'value'), faultAt(error, 'reason')]).toEqual(['is too wide', undefined]);
});
