// The two tables of local enrichment: their fields, in the order of form and list, and rows as form values.
import type { Asset, AssetInput, User, UserInput } from '@/shared/api/wire';

export type Row = Asset | User;
export type RowInput = AssetInput | UserInput;

export interface Field {
  name: string;
  label: string;
  shape: 'text' | 'list' | 'tier' | 'flag';
  help?: string;
  column: boolean; // shown in the list
}

export interface Table {
  key: 'assets' | 'users';
  title: string;
  one: string;
  fields: readonly Field[];
  example: string; // CSV
}

export const assets: Table = {
  key: 'assets',
  title: 'Assets',
  one: 'asset',
  fields: [
    {
      name: 'name',
      label: 'Name',
      shape: 'text',
      help: 'Unique. Empty: the first host or address.',
      column: true,
    },
    { name: 'hosts', label: 'Hosts', shape: 'list', help: 'Other names of it, one a line.', column: true },
    {
      name: 'addresses',
      label: 'Addresses',
      shape: 'list',
      help: 'One a line. A block such as 10.1.0.0/16 makes it a network.',
      column: true,
    },
    { name: 'tier', label: 'Tier', shape: 'tier', column: true },
    { name: 'owner', label: 'Owner', shape: 'text', column: true },
    { name: 'department', label: 'Department', shape: 'text', column: true },
    { name: 'zone', label: 'Network zone', shape: 'text', column: true },
    { name: 'tags', label: 'Tags', shape: 'list', help: 'One a line.', column: false },
  ],
  example: 'name,hosts,addresses,tier,owner\ndb-01,db-01.corp.example,10.1.2.3,crown_jewel,Finance',
};

export const users: Table = {
  key: 'users',
  title: 'Users',
  one: 'user',
  fields: [
    {
      name: 'name',
      label: 'Name',
      shape: 'text',
      help: 'Unique. Empty: the e-mail or the first alias.',
      column: true,
    },
    { name: 'email', label: 'E-mail', shape: 'text', column: true },
    {
      name: 'aliases',
      label: 'Aliases',
      shape: 'list',
      help: 'Other accounts of the person, one a line, such as CORP\\ana.',
      column: true,
    },
    { name: 'department', label: 'Department', shape: 'text', column: true },
    { name: 'title', label: 'Title', shape: 'text', column: true },
    { name: 'manager', label: 'Manager', shape: 'text', column: false },
    { name: 'privileged', label: 'Privileged', shape: 'flag', column: true },
    { name: 'tier', label: 'Tier', shape: 'tier', column: true },
  ],
  example: 'name,email,aliases,department,privileged\nana,ana@corp.example,CORP\\ana,IT,yes',
};

export const tierWords = { normal: 'Normal', important: 'Important', crown_jewel: 'Crown jewel' } as const;

export type Draft = Record<string, string>;

export function toDraft(table: Table, row: Row | null): Draft {
  const values = row as Record<string, unknown> | null;
  return Object.fromEntries(table.fields.map(({ name }) => [name, asText(values?.[name])]));
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.join('\n');
  return value === null || value === undefined ? '' : String(value as string | boolean);
}

export function toInput(table: Table, draft: Draft): RowInput {
  return Object.fromEntries(table.fields.map(({ name, shape }) => [name, sent(shape, draft[name] ?? '')]));
}

function sent(shape: Field['shape'], text: string): unknown {
  if (shape === 'list') return itemsOf(text);
  if (shape === 'flag') return text === '' ? null : text === 'true';
  return shape === 'tier' && text === '' ? null : text.trim();
}

function itemsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

// A fault of "addresses" or of one of its items.
export function faultOf(faults: ReadonlyMap<string, string>, field: string): string | undefined {
  return [...faults].find(([pointer]) => pointer === field || pointer.startsWith(`${field}/`))?.[1];
}
