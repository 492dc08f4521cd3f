import { describe, expect, it } from 'vitest';
import type { ApiKey, RoleTable } from '@/shared/api/wire';
import { bytesOf, gibOf, gibText, grantText, holds, keyState, rateOf, rightsText } from './admin';

const key: ApiKey = {
  id: 'KY-1',
  name: 'collector',
  role: 'ingest',
  verbs: ['alerts.ingest'],
  scope: {},
  source: 'suricata',
  created_by: 'admin',
  created_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2026-02-01T00:00:00.000Z',
  last_used: null,
  revoked: false,
};

const table: RoleTable = {
  roles: [],
  verbs: [
    { name: 'public', meaning: '', roles: ['ingest', 'viewer'] },
    { name: 'alerts.ingest', meaning: '', roles: ['ingest'] },
  ],
};

describe('keys', () => {
  it('end at their time and when they are revoked', () => {
    const end = Date.parse('2026-02-01T00:00:00.000Z');
    expect(keyState(key, end - 1)).toBe('in use');
    expect(keyState(key, end)).toBe('expired');
    expect(keyState({ ...key, revoked: true }, end - 1)).toBe('revoked');
    expect(keyState({ ...key, expires_at: null }, end * 2)).toBe('in use');
  });

  it('say how many of the rights of their role they have', () => {
    expect(rightsText(key, table)).toBe('1 of the 2 of ingest');
    expect(rightsText({ ...key, verbs: ['public', 'alerts.ingest'] }, table)).toBe('all 2 of ingest');
  });
});

describe('limits', () => {
  it('are numbers from above 0, and empty for none', () => {
    expect(rateOf('')).toBe(0);
    expect(rateOf(' 50 ')).toBe(50);
    for (const wrong of ['0', '-1', 'many', '1e9', '0x10', '1 000']) expect(rateOf(wrong)).toBeNull();
    expect(bytesOf('1.5')).toBe(1.5 * 1024 ** 3);
  });

  it('are shown as they were typed', () => {
    expect(gibOf(bytesOf('1.5') ?? 0)).toBe('1.5');
    expect(gibText(0)).toBe('no limit');
    expect(gibText(10 * 1024 ** 3)).toBe('10 GiB');
  });
});

describe('words', () => {
  it('say where a role counts and what narrows it', () => {
    expect(grantText({ role: 'admin', tenant: '*' })).toBe('admin in every tenant');
    expect(grantText({ role: 'viewer', tenant: 'acme', scope: { sources: ['okta'] } })).toBe(
      'viewer in acme, only source okta',
    );
  });

  it('filter without case', () => {
    expect(holds('AN', 'ana', '')).toBe(true);
    expect(holds('x', 'ana', 'bob')).toBe(false);
  });
});
