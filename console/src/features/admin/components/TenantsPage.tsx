// Customers of one installation, their limits, and whether they are served.
import { useQuery } from '@tanstack/react-query';
import type { Tenant } from '@/shared/api/wire';
import { count } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { workIn } from '@/shared/session';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { gibText, holds, tenantsQuery, tenantState, tenantStates } from '../admin';
import { FilterBar, Head, useAddress, useListKeys, type Address } from './parts';
import { AddTenant, TenantPanel } from './TenantPanel';
import css from './Admin.module.css';

export default function TenantsPage() {
  const address = useAddress();
  const list = useQuery(tenantsQuery);
  usePageTitle('Tenants');
  const all = list.data ?? [];
  const shown = all.filter(
    (tenant) =>
      (address.state === null || tenantState(tenant) === address.state) &&
      holds(address.text, tenant.name, tenant.title),
  );
  const current = all.find(({ name }) => name === address.chosen);
  useListKeys(
    address,
    shown.map(({ name }) => name),
    tenantStates,
    { title: 'Create a tenant…', needs: 'tenants.write' },
  );
  return (
    <div>
      <Head title="Tenants">
        Each tenant has its own people, keys, alerts and audit. What is over a limit is refused with 429.
      </Head>
      <FilterBar address={address} states={tenantStates} what="tenants">
        <Button keys="n" needs="tenants.write" onClick={() => address.setAct('add')}>
          Create tenant…
        </Button>
      </FilterBar>
      {list.isError && <ProblemView error={list.error} what="The list" onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading lines={4} what="the tenants" />}
      {list.isSuccess && shown.length === 0 && (
        <Empty text="No tenant fits this filter.">
          <Button
            onClick={() => {
              address.setText('');
              address.setState(null);
            }}
          >
            All tenants
          </Button>
        </Empty>
      )}
      <div className={css['split']}>
        {shown.length > 0 && (
          <div className={css['list']}>
            <p className="muted">{count(shown.length, 'tenant')}</p>
            <Table tenants={shown} address={address} />
          </div>
        )}
        {current && <TenantPanel key={current.name} tenant={current} address={address} />}
      </div>
      {address.act === 'add' && (
        <AddTenant
          onClose={() => address.setAct(null)}
          onAdded={(tenant) => {
            address.setAct(null);
            address.choose(tenant.name);
          }}
        />
      )}
    </div>
  );
}

// A number of the tenant's, which opens its rows in its own queue.
function Rows({ tenant, number, list }: { tenant: Tenant; number: number | undefined; list: string }) {
  if (number === undefined) return null;
  if (tenant.suspended) return <>{number}</>;
  return (
    <button
      type="button"
      className={css['name']}
      aria-label={`${number} ${list === 'alerts' ? 'alerts' : 'open incidents'}: work in ${tenant.name}`}
      onClick={() => workIn(tenant.name, `/queue?list=${list}`)}
    >
      {number}
    </button>
  );
}

function Table({ tenants, address }: { tenants: readonly Tenant[]; address: Address }) {
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          {[
            'Tenant',
            'Title',
            'State',
            'Open incidents',
            'Alerts',
            'Alerts a second',
            'Storage',
            'Created',
          ].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tenants.map((tenant) => (
          <tr key={tenant.name} className={tenant.name === address.chosen ? css['chosen'] : undefined}>
            <td>
              <button
                type="button"
                className={css['name']}
                aria-current={tenant.name === address.chosen || undefined}
                onClick={() => address.choose(tenant.name)}
              >
                <Hostile text={tenant.name} kind="name" cap={60} />
              </button>
            </td>
            <td className={css['wide']}>
              <Hostile text={tenant.title} kind="name" cap={120} />
            </td>
            <td className={tenant.suspended ? css['off'] : undefined}>
              {tenant.suspended ? 'Suspended' : 'Served'}
            </td>
            <td>
              <Rows tenant={tenant} number={tenant.counts?.incidents_open} list="incidents" />
            </td>
            <td>
              <Rows tenant={tenant} number={tenant.counts?.alerts} list="alerts" />
            </td>
            <td>{tenant.alerts_per_second === 0 ? 'no limit' : tenant.alerts_per_second}</td>
            <td>{gibText(tenant.storage_bytes)}</td>
            <td>
              <Moment at={tenant.created_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
