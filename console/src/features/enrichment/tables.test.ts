import { describe, expect, it } from 'vitest';
import type { Asset, User } from '@/shared/api/wire';
import { assets, faultOf, toDraft, toInput, users } from './tables';

const kept = {
  origin: 'api',
  updated_at: '2026-01-02T09:00:00.000Z',
  updated_by: 'ana',
  version: 3,
} as const;
const asset: Asset = {
  id: 'AS-1',
  name: 'db-01',
  hosts: ['db-01.corp.example', 'db'],
  addresses: ['10.1.2.3'],
  tier: 'crown_jewel',
  owner: 'Finance',
  department: '',
  zone: '',
  tags: [],
  ...kept,
};
const user: User = {
  id: 'US-1',
  name: 'ana',
  email: 'ana@corp.example',
  aliases: [],
  department: '',
  title: '',
  manager: '',
  privileged: null,
  tier: null,
  ...kept,
};

describe('a row', () => {
  it('is sent as it was read when nothing was edited, and without what the server adds', () => {
    const input = toInput(assets, toDraft(assets, asset));
    expect({ id: 'AS-1', ...kept, ...input }).toEqual(asset);
    expect(Object.keys(input)).not.toContain('origin');
  });

  it('keeps unknown apart from no', () => {
    const draft = toDraft(users, user);
    expect(toInput(users, draft)).toMatchObject({ privileged: null, tier: null });
    expect(toInput(users, { ...draft, privileged: 'false' })).toMatchObject({ privileged: false });
    expect(toInput(users, { ...draft, privileged: 'true', tier: 'important' })).toMatchObject({
      privileged: true,
      tier: 'important',
    });
  });

  it('has one item a line', () => {
    const draft = { ...toDraft(assets, null), name: ' a ', addresses: ' 10.0.0.1\n\n10.1.0.0/16 \n' };
    expect(toInput(assets, draft)).toMatchObject({ name: 'a', addresses: ['10.0.0.1', '10.1.0.0/16'] });
  });
});

it('a fault belongs to its field, also that of an item', () => {
  const faults = new Map([
    ['addresses/1', 'is no address'],
    ['tier', 'is unknown'],
  ]);
  expect(faultOf(faults, 'addresses')).toBe('is no address');
  expect(faultOf(faults, 'tier')).toBe('is unknown');
  expect(faultOf(faults, 'name')).toBeUndefined();
});
