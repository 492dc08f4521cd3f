// Roles, one line a tenant.
import { useQuery } from '@tanstack/react-query';
import type { Grant, RoleName } from '@/shared/api/wire';
import { sessionQuery } from '@/shared/api/session';
import { may } from '@/shared/session';
import { Button } from '@/shared/ui/basics';
import { Fault } from '@/shared/ui/Field';
import { everyTenant, rolesQuery, tenantsQuery } from '../admin';
import { canHaveScope } from '@/shared/text/scope';
import { ScopeFields } from './ScopeFields';
import css from './Admin.module.css';

interface Props {
  grants: readonly Grant[];
  fault: string | undefined;
  onChange: (grants: readonly Grant[]) => void;
}

export function GrantRows({ grants, fault, onChange }: Props) {
  const put = (at: number, part: Partial<Grant>) => {
    onChange(grants.map((grant, i) => (i === at ? { ...grant, ...part } : grant)));
  };
  return (
    <fieldset className={css['grants']}>
      <legend>Roles</legend>
      {grants.map((grant, i) => (
        <GrantRow
          key={i}
          grant={grant}
          place={i + 1}
          onChange={(part) => put(i, part)}
          onRemove={grants.length > 1 ? () => onChange(grants.filter((_, at) => at !== i)) : undefined}
        />
      ))}
      <Fault>{fault}</Fault>
      <Button onClick={() => onChange([...grants, { role: 'viewer' }])}>Add role in another tenant</Button>
    </fieldset>
  );
}

interface RowProps {
  grant: Grant;
  place: number;
  onChange: (part: Partial<Grant>) => void;
  onRemove: (() => void) | undefined;
}

function GrantRow({ grant, place, onChange, onRemove }: RowProps) {
  const table = useQuery(rolesQuery).data;
  const here = useQuery(sessionQuery).data?.tenant ?? 'default';
  const tenants = useTenantNames(here);
  const roles = (table?.roles ?? []).filter(({ name }) => name !== 'ingest');
  return (
    <div className={`controls ${css['grant']}`}>
      <select
        aria-label={`Role ${place}`}
        value={grant.role}
        onChange={(event) => {
          const role = event.target.value as RoleName;
          onChange(canHaveScope(role) ? { role } : { role, scope: {} });
        }}
      >
        {roles.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        aria-label={`Tenant of role ${place}`}
        value={grant.tenant ?? here}
        onChange={(event) => onChange({ tenant: event.target.value })}
      >
        {[...new Set([...tenants, grant.tenant ?? here])].map((name) => (
          <option key={name} value={name}>
            {name === everyTenant ? 'every tenant' : name}
          </option>
        ))}
      </select>
      <Button
        look="ghost"
        disabled={!onRemove}
        aria-label={`Remove role ${place}`}
        title={onRemove ? undefined : 'A person has one role at least.'}
        onClick={onRemove}
      >
        Remove
      </Button>
      {canHaveScope(grant.role) && (
        <ScopeFields scope={grant.scope} of={`role ${place}`} onChange={(scope) => onChange({ scope })} />
      )}
      <p className="muted">{roles.find(({ name }) => name === grant.role)?.meaning}</p>
    </div>
  );
}

// Who may not see the other tenants hands out roles in the own one.
function useTenantNames(here: string): readonly string[] {
  const all = useQuery({ ...tenantsQuery, enabled: may('tenants.read') }).data;
  return all ? [...all.map(({ name }) => name), everyTenant] : [here];
}
