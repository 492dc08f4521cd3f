import { describe, expect, it } from 'vitest';
import type { SourceTrust } from '@/shared/api/wire';
import { kindWord } from './trust';

const signed: SourceTrust = {
  source: 'wazuh',
  kind: 'standard',
  token_header: null,
  set_at: '2026-11-21T12:00:00.000Z',
  previous_until: null,
  usable: true,
  refused: 0,
  last_refused_at: null,
  last_refused_reason: null,
};

describe('the trust of a source', () => {
  it('says that nothing has to be proven', () => {
    expect(kindWord({ ...signed, kind: 'none' })).toBe('none: whatever comes is taken');
  });

  it('names the signature, or where the token stands', () => {
    expect(kindWord(signed)).toBe('Standard Webhooks signature');
    expect(kindWord({ ...signed, kind: 'path-token' })).toBe('token in the path');
    expect(kindWord({ ...signed, kind: 'header-token', token_header: 'X-Token' })).toBe('token in X-Token');
  });

  it('tells when the secret cannot be read and everything is refused', () => {
    expect(kindWord({ ...signed, usable: false })).toContain('nothing is accepted');
  });
});
