// Which role may do what: the table that the server goes by.
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '@/shared/api/session';
import type { RoleTable } from '@/shared/api/wire';
import { Facts } from '@/shared/ui/basics';
import { Loading, ProblemView } from '@/shared/ui/states';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { rolesQuery } from '../admin';
import { Head } from './parts';
import css from './Admin.module.css';

export default function RolesPage() {
  const table = useQuery(rolesQuery);
  const role = useQuery(sessionQuery).data?.role ?? null;
  usePageTitle('Roles');
  return (
    <div>
      <Head title="Roles">
        Each act needs one right. {role ? `Your role is ${role}.` : ''} Roles are given under People, one for
        each tenant.
      </Head>
      {table.isError && (
        <ProblemView error={table.error} what="The table" onRetry={() => void table.refetch()} />
      )}
      {table.isPending && <Loading lines={12} what="the table" />}
      {table.data && <Table table={table.data} mine={role} />}
    </div>
  );
}

function Table({ table, mine }: { table: RoleTable; mine: string | null }) {
  return (
    <>
      {/* A scrolling block must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={css['roles']} tabIndex={0} role="region" aria-label="Roles and rights">
        <table>
          <thead>
            <tr>
              <th scope="col">Right</th>
              {table.roles.map(({ name }) => (
                <th key={name} scope="col" className={name === mine ? css['mine'] : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.verbs.map((verb) => (
              <tr key={verb.name}>
                <th scope="row">
                  <code>{verb.name}</code> <span className="secondary">{verb.meaning}</span>
                </th>
                {table.roles.map(({ name }) => (
                  <td key={name} className={name === mine ? css['mine'] : undefined}>
                    {verb.roles.includes(name) ? (
                      <>
                        <span aria-hidden>✓</span>
                        <span className="sr-only">yes</span>
                      </>
                    ) : (
                      <span className="sr-only">no</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={css['meanings']}>
        <h2>What each role is for</h2>
        <Facts rows={table.roles.map(({ name, meaning }) => [name, meaning] as const)} />
      </div>
    </>
  );
}
