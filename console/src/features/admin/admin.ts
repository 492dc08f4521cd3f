// What the pages of administration ask for and send, and the words that they use.
import { isPart, scopeText } from '@/shared/text/scope';
import { queryOptions } from '@tanstack/react-query';
import { get, post, send } from '@/shared/api/http';
import type {
  ApiKey,
  ApiKeyInput,
  Grant,
  NewApiKey,
  NewPerson,
  Page,
  Person,
  PersonChange,
  PersonInput,
  RoleTable,
  Tenant,
  TenantChange,
  TenantInput,
} from '@/shared/api/wire';

const list = <T>(name: string) =>
  queryOptions({
    queryKey: ['admin', name],
    queryFn: async ({ signal }) => (await get<Page<T>>(`/api/v1/${name}`, signal)).items,
  });

export const peopleQuery = list<Person>('people');
export const keysQuery = list<ApiKey>('keys');
export const tenantsQuery = list<Tenant>('tenants?counts=true');

export const rolesQuery = queryOptions({
  queryKey: ['admin', 'roles'],
  queryFn: ({ signal }) => get<RoleTable>('/api/v1/roles', signal),
  staleTime: Infinity,
});

// A change of what somebody else changed meanwhile is refused (412).
const etagOf = (thing: { version: number }) => `"${thing.version}"`;

export const addPerson = (input: PersonInput) => post<NewPerson>('/api/v1/people', input);

export const changePerson = async (person: Person, json: PersonChange) =>
  (
    await send<NewPerson>(`/api/v1/people/${encodeURIComponent(person.id)}`, {
      method: 'PATCH',
      json,
      ifMatch: etagOf(person),
    })
  ).body;

export const addKey = (input: ApiKeyInput) => post<NewApiKey>('/api/v1/keys', input);

export const revokeKey = (key: ApiKey) =>
  send<null>(`/api/v1/keys/${encodeURIComponent(key.id)}`, { method: 'DELETE' });

export const addTenant = (input: TenantInput) => post<Tenant>('/api/v1/tenants', input);

export const changeTenant = async (tenant: Tenant, json: TenantChange) =>
  (
    await send<Tenant>(`/api/v1/tenants/${encodeURIComponent(tenant.name)}`, {
      method: 'PATCH',
      json,
      ifMatch: etagOf(tenant),
    })
  ).body;

// ---- people

export const personStates = ['active', 'suspended'] as const;

export const personState = (person: Person): (typeof personStates)[number] =>
  person.disabled ? 'suspended' : 'active';

export const everyTenant = '*';

export const grantText = (grant: Grant): string => {
  const where = grant.tenant === everyTenant ? 'every tenant' : (grant.tenant ?? '');
  return `${grant.role} in ${where}${isPart(grant.scope) ? `, ${scopeText(grant.scope)}` : ''}`;
};

// ---- keys

export const keyStates = ['in use', 'expired', 'revoked'] as const;

export const keyState = (key: ApiKey, now: number): (typeof keyStates)[number] => {
  if (key.revoked) return 'revoked';
  return key.expires_at !== null && Date.parse(key.expires_at) <= now ? 'expired' : 'in use';
};

// What a key may do is what its role may, less what was left out.
export const rightsText = (key: ApiKey, table: RoleTable | undefined): string => {
  if (!table) return `${key.verbs.length}`;
  const all = table.verbs.filter(({ roles }) => roles.includes(key.role)).length;
  return key.verbs.length === all
    ? `all ${all} of ${key.role}`
    : `${key.verbs.length} of the ${all} of ${key.role}`;
};

// ---- tenants

export const tenantStates = ['served', 'suspended'] as const;

export const tenantState = (tenant: Tenant): (typeof tenantStates)[number] =>
  tenant.suspended ? 'suspended' : 'served';

const kGib = 1024 ** 3;

export const gibText = (bytes: number): string =>
  bytes === 0 ? 'no limit' : `${Math.round((bytes / kGib) * 100) / 100} GiB`;

export const gibOf = (bytes: number): string => (bytes === 0 ? '' : String(bytes / kGib));

// "" is no limit; null: not a number that can be meant.
export const bytesOf = (gib: string): number | null => limitOf(gib, kGib);
export const rateOf = (text: string): number | null => limitOf(text, 1);

function limitOf(text: string, unit: number): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  const value = Number(trimmed) * unit;
  return /^\d+(\.\d+)?$/.test(trimmed) && value > 0 ? Math.round(value) : null;
}

export const holds = (text: string, ...fields: readonly string[]): boolean =>
  fields.some((field) => field.toLowerCase().includes(text.trim().toLowerCase()));
