// Customers of one installation, their limits, and whether they are served.
import { useQuery } from '@tanstack/react-query';
import type { Tenant } from '@/shared/api/wire';
import { NameButton, type Column } from '@/shared/list/RowTable';
import { workIn } from '@/shared/session';
import { Hostile } from '@/shared/ui/Hostile';
import { gibText, tenantsQuery, tenantState, tenantStates } from '../admin';
import { AdminList } from './AdminList';
import { useAddress } from './parts';
import { AddTenant, Created, TenantPanel } from './TenantPanel';

const columns: readonly [Column<Tenant>, ...Column<Tenant>[]] = [
  { title: 'Tenant', cell: (tenant) => <Hostile text={tenant.name} kind="name" cap={60} /> },
  { title: 'Title', look: 'wide', cell: (tenant) => <Hostile text={tenant.title} kind="name" cap={120} /> },
  {
    title: 'State',
    cell: (tenant) => (tenant.suspended ? 'Suspended' : 'Served'),
    warns: (tenant) => tenant.suspended,
  },
  {
    title: 'Open incidents',
    cell: (tenant) => <Count tenant={tenant} number={tenant.counts?.incidents_open} list="incidents" />,
  },
  {
    title: 'Alerts',
    cell: (tenant) => <Count tenant={tenant} number={tenant.counts?.alerts} list="alerts" />,
  },
  {
    title: 'Alerts a second',
    cell: (tenant) => (tenant.alerts_per_second === 0 ? 'no limit' : tenant.alerts_per_second),
  },
  { title: 'Storage', cell: (tenant) => gibText(tenant.storage_bytes) },
  { title: 'Created', cell: (tenant) => <Created tenant={tenant} /> },
];

export default function TenantsPage() {
  const address = useAddress();
  const list = useQuery(tenantsQuery);
  return (
    <AdminList
      title="Tenants"
      about="Each tenant has its own people, keys, alerts and audit. What is over a limit is refused with 429."
      one="tenant"
      many="tenants"
      list={list}
      columns={columns}
      idOf={(tenant) => tenant.name}
      states={tenantStates}
      stateOf={tenantState}
      wordsOf={(tenant) => [tenant.name, tenant.title]}
      add={{ title: 'Create tenant…', needs: 'tenants.write' }}
      noneFits="No tenant fits this filter."
      details={(tenant) => <TenantPanel key={tenant.name} tenant={tenant} address={address} />}
      address={address}
    >
      {address.act === 'add' && (
        <AddTenant
          onClose={() => address.setAct(null)}
          onAdded={(tenant) => {
            address.setAct(null);
            address.choose(tenant.name);
          }}
        />
      )}
    </AdminList>
  );
}

// A number of the tenant's, which opens its rows in its own queue.
function Count({ tenant, number, list }: { tenant: Tenant; number: number | undefined; list: string }) {
  if (number === undefined) return null;
  if (tenant.suspended) return <>{number}</>;
  return (
    <NameButton
      label={`${number} ${list === 'alerts' ? 'alerts' : 'open incidents'}: work in ${tenant.name}`}
      onClick={() => workIn(tenant.name, `/queue?list=${list}`)}
    >
      {number}
    </NameButton>
  );
}
