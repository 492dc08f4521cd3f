import { describe, expect, it } from 'vitest';
import { ApiError, faultsOf, faultText } from './http';

describe('what is said of a refusal', () => {
  it('is the reason with what to do about it', () => {
    expect(faultText(new ApiError(409, { detail: 'taken', hint: 'Choose another.' }))).toBe(
      'taken Choose another.',
    );
    expect(faultText(new ApiError(412, {}))).toContain('Save again');
    expect(faultText(new Error('torn'))).toBe('torn');
  });

  it('names each wrong field by its member', () => {
    const errors = [{ pointer: '/entities/0/value', detail: 'is needed' }];
    expect([...faultsOf(new ApiError(422, { errors }))]).toEqual([['entities/0/value', 'is needed']]);
    expect(faultsOf(new Error('torn')).size).toBe(0);
  });
});
