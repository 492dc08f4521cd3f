import { describe, expect, it } from 'vitest';
import type { Item } from '@/shared/api/wire';
import { earlier, sameDecisions } from './apply';

const incident = {
  id: 'IN-1',
  status: 'open',
  verdict: 'undecided',
  assignee: null,
  close_reason: null,
  tlp: 'AMBER',
  priority: 50,
} as Item;

const alert = {
  ...incident,
  id: 'AL-1',
  source: 'wazuh',
  tags: ['a', 'b'],
  triage: { verdict: 'undecided' },
} as unknown as Item;

describe('what a person decides', () => {
  it('is the same when only the server has worked on it', () => {
    expect(sameDecisions(incident, { ...incident, priority: 80 })).toBe(true);
    expect(sameDecisions(alert, { ...alert, tags: ['a', 'b'] } as Item)).toBe(true);
  });

  it('differs by any field of it', () => {
    expect(sameDecisions(incident, { ...incident, tlp: 'RED' })).toBe(false);
    expect(sameDecisions(incident, { ...incident, assignee: 'ben' })).toBe(false);
    expect(sameDecisions(alert, { ...alert, tags: ['a'] } as Item)).toBe(false);
  });

  it('has a way back, field by field', () => {
    expect(earlier(alert, { tags: ['c'], status: 'closed' })).toEqual({ tags: ['a', 'b'], status: 'open' });
    expect(earlier(incident, { tlp: 'RED' })).toEqual({ tlp: 'AMBER' });
  });
});
