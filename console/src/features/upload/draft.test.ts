import { expect, test } from 'vitest';
import { ApiError, faultsOf } from '@/shared/api/http';
import { emptyDraft, newEntity, toInput } from './draft';

test('only what was filled in is sent, as a manual alert', () => {
  const entity = { ...newEntity(), value: ' ann ' };
  expect(toInput({ ...emptyDraft, title: ' Call ', severity: 'high', entities: [entity] })).toEqual({
    source: 'manual',
    title: 'Call',
    severity: 'high',
    entities: [{ kind: 'user', value: 'ann', role: 'target' }],
  });
});

test('faults are found by their field', () => {
  const error = new ApiError(422, {
    errors: [
      { pointer: '/title', detail: 'is needed' },
      { pointer: '/entities/1/value', detail: 'must not be empty' },
    ],
  });
  expect(faultsOf(error).get('title')).toBe('is needed');
  expect(faultsOf(error).get('entities/1/value')).toBe('must not be empty');
  expect(faultsOf(new Error('x')).size).toBe(0);
});
