import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '@/shared/api/wire';
import { changesOf, exportPath, placeOf, timeOf, type Filter } from './audit';

const record = (more: Partial<AuditRecord>): AuditRecord => ({
  tenant: 1,
  number: 1,
  at: '2026-01-04T12:00:00.000Z',
  at_ns: 0,
  actor: 'ana',
  actor_kind: 'person',
  address: '',
  trace_id: '',
  action: 'alert.update',
  object_kind: 'alert',
  object_id: 'AL-1',
  before: '',
  after: '',
  reason: '',
  prev_hash: '',
  hash: '',
  ...more,
});

const filter: Filter = { text: '', actor: '', action: '', object: '', from: '', until: '' };

describe('audit', () => {
  it('puts both sides of a field beside each other', () => {
    const changes = changesOf(
      record({ before: '{"status":"new","old":null}', after: '{"status":"closed","n":3,"tags":["a"]}' }),
    );
    expect(changes).toEqual([
      { field: 'status', before: 'new', after: 'closed' },
      { field: 'old', before: 'none', after: undefined },
      { field: 'n', before: undefined, after: '3' },
      { field: 'tags', before: undefined, after: '[\n "a"\n]' },
    ]);
  });

  it('shows what is no JSON as it is', () => {
    expect(changesOf(record({ after: '{broken' }))).toEqual([
      { field: 'value', before: undefined, after: '{broken' },
    ]);
  });

  it('reads days and times as UTC', () => {
    expect(timeOf('2026-01-04')).toBe('2026-01-04T00:00:00.000Z');
    expect(timeOf('2026-01-04 12:30')).toBe('2026-01-04T12:30:00.000Z');
    expect(timeOf('2026-01-04T12:30:00+02:00')).toBe('2026-01-04T10:30:00.000Z');
    for (const bad of ['', 'yesterday', '2026-13-40', '5']) expect(timeOf(bad)).toBeNull();
  });

  it('exports what is filtered', () => {
    expect(exportPath({ ...filter, actor: 'ana', from: '2026-01-04' }, 'csv')).toBe(
      '/api/v1/audit/export?format=csv&actor=ana&from=2026-01-04T00%3A00%3A00.000Z',
    );
  });

  it('leads only to what has a page', () => {
    expect(placeOf(record({}))).toBe('/alerts/AL-1');
    expect(placeOf(record({ object_id: '' }))).toBeNull();
    expect(placeOf(record({ object_kind: 'setting' }))).toBeNull();
  });
});
