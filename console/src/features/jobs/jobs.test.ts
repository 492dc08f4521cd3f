import { describe, expect, it } from 'vitest';
import type { Job } from '@/shared/api/wire';
import { canDiscard, canRetry, kindWord, stateOf, stateWord } from './jobs';

const job = (state: Job['state']): Job => ({
  id: 'JB-1',
  kind: 'retention.sweep',
  state,
  urgency: 0,
  attempts: 1,
  max_attempts: 5,
  run_at: '2026-01-01T00:00:00.000Z',
  payload: '{}',
  last_error: '',
});

describe('jobs', () => {
  it('only failed ones are retried; waiting and failed ones are discarded', () => {
    const all = (['waiting', 'leased', 'dead', 'done'] as const).map(job);
    expect(all.map(canRetry)).toEqual([false, false, true, false]);
    expect(all.map(canDiscard)).toEqual([true, false, true, false]);
  });

  it('says states and kinds in words', () => {
    expect(stateWord('dead')).toBe('Failed');
    expect(stateWord('leased')).toBe('Running');
    expect(kindWord('retention.sweep')).toBe('Retention sweep');
  });

  it('takes only known states from the address', () => {
    expect(stateOf('dead')).toBe('dead');
    expect(stateOf('<b>')).toBeNull();
    expect(stateOf(null)).toBeNull();
  });
});
