import { describe, expect, it } from 'vitest';
import type { AlertItem, IncidentItem } from '@/shared/api/wire';
import { earlier } from './apply';
import { closeReasons, needsNote, preselected, reasonText, storedReason } from './reasons';

const reason = (code: string) => {
  const found = closeReasons.find((one) => one.code === code);
  if (!found) throw new Error(code);
  return found;
};
const alert = (verdict: string) =>
  ({
    id: 'AL-1',
    source: 'x',
    severity: 'high',
    status: 'new',
    assignee: 'ben',
    close_reason: null,
    triage: { verdict },
  }) as AlertItem;

describe('closing', () => {
  it('preselects what the suggestion points to, for one and for many that agree', () => {
    expect(preselected([alert('false_positive')]).code).toBe('rule_logic_wrong');
    expect(preselected([alert('true_positive'), alert('true_positive')]).code).toBe('other_attack');
    expect(preselected([alert('true_positive'), alert('false_positive')]).code).toBe('not_enough_data');
  });

  it('wants a note for allowed and false on high and critical only', () => {
    expect(needsNote(['low', 'critical'], reason('security_test'))).toBe(true);
    expect(needsNote(['medium'], reason('rule_logic_wrong'))).toBe(false);
    expect(needsNote(['critical'], reason('malware'))).toBe(false);
  });

  it('stores a code with the note and reads it back in words', () => {
    const stored = storedReason(reason('business_app'), '', 'backup job: weekly ');
    expect(stored).toBe('business_app: backup job: weekly');
    expect(reasonText(stored)).toBe('Business app: backup job: weekly');
    expect(reasonText('their own words')).toBe('their own words');
    expect(storedReason(reason('duplicate'), ' IN-7 ', '')).toBe('duplicate of IN-7');
  });

  it('has one key for each reason', () => {
    expect(new Set(closeReasons.map((one) => one.key)).size).toBe(closeReasons.length);
  });
});

describe('the way back', () => {
  it('restores exactly the fields that were changed', () => {
    expect(earlier(alert('undecided'), { status: 'closed', close_reason: 'malware' })).toEqual({
      status: 'new',
      close_reason: null,
    });
    expect(earlier(alert('undecided'), { verdict: 'true_positive', assignee: 'me' })).toEqual({
      verdict: 'undecided',
      assignee: 'ben',
    });
    const incident = {
      id: 'IN-1',
      status: 'triaged',
      verdict: 'benign_positive',
      assignee: null,
    } as IncidentItem;
    expect(earlier(incident, { verdict: 'undecided' })).toEqual({ verdict: 'benign_positive' });
  });
});
