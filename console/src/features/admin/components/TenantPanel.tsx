// One tenant: its title and limits, and whether it is served.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultsOf, faultText } from '@/shared/api/http';
import type { Tenant, TenantChange } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Acts, Details } from '@/shared/list/List';
import { may } from '@/shared/session';
import { visible } from '@/shared/text/hostile';
import { Button, Facts } from '@/shared/ui/basics';
import { TextField } from '@/shared/ui/Field';
import { Confirm, FormDialog } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { addTenant, bytesOf, changeTenant, gibOf, gibText, rateOf, tenantsQuery } from '../admin';
import type { Address } from './parts';

export function TenantPanel({ tenant, address }: { tenant: Tenant; address: Address }) {
  const close = () => address.setAct(null);
  const edit = () => address.setAct('edit');
  const turn = () => address.setAct('turn');
  const isDefault = tenant.name === 'default';
  const turnWord = tenant.suspended ? 'Resume tenant' : 'Suspend tenant';
  useActions([
    {
      id: 'tenant-edit',
      title: 'Change title and limits…',
      group: 'Work',
      keys: ['e'],
      needs: 'tenants.write',
      run: edit,
    },
    {
      id: 'tenant-turn',
      title: `${turnWord}…`,
      group: 'Work',
      keys: ['s'],
      needs: 'tenants.write',
      blocked: isDefault ? 'The default tenant is always served.' : null,
      run: turn,
    },
  ]);
  return (
    <Details
      label="Tenant"
      title={<Hostile text={tenant.title} kind="name" cap={200} />}
      onClose={() => address.choose(null)}
    >
      <Facts
        rows={[
          ['Name', <code key="n">{tenant.name}</code>],
          ['State', tenant.suspended ? 'Suspended' : 'Served'],
          [
            'Alerts',
            tenant.alerts_per_second === 0 ? 'no limit' : `${tenant.alerts_per_second} a second at most`,
          ],
          ['Storage', tenant.storage_bytes === 0 ? 'no limit' : `${gibText(tenant.storage_bytes)} at most`],
          ['Created', <Created key="c" tenant={tenant} />],
        ]}
      />
      <Acts>
        <Button keys="e" needs="tenants.write" onClick={edit}>
          Change title and limits…
        </Button>
        {!isDefault && (
          <Button keys="s" needs="tenants.write" look={tenant.suspended ? 'plain' : 'danger'} onClick={turn}>
            {turnWord}…
          </Button>
        )}
      </Acts>
      {may('tenants.write') && address.act === 'edit' && <Edit tenant={tenant} onClose={close} />}
      {may('tenants.write') && address.act === 'turn' && !isDefault && (
        <Turn tenant={tenant} onClose={close} />
      )}
    </Details>
  );
}

// The default tenant is there before anybody could create it.
export function Created({ tenant }: { tenant: Tenant }) {
  if (Date.parse(tenant.created_at) === 0) return <span className="muted">with the database</span>;
  return <Moment at={tenant.created_at} />;
}

function useChange(tenant: Tenant, done: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: TenantChange) => changeTenant(tenant, change),
    onSuccess: () => {
      onDone();
      toast({ text: `${visible(tenant.name, 60)}: ${done}` });
    },
    onSettled: () => client.invalidateQueries({ queryKey: tenantsQuery.queryKey }),
  });
}

function Turn({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const change = useChange(tenant, tenant.suspended ? 'Served again.' : 'Suspended.', onClose);
  return (
    <Confirm
      title={`${tenant.suspended ? 'Resume' : 'Suspend'} ${visible(tenant.name, 60)}`}
      act={tenant.suspended ? 'Resume tenant' : 'Suspend tenant'}
      keep={tenant.suspended ? 'Keep suspended' : 'Keep serving'}
      busy={change.isPending}
      fault={change.error ? `Not done. ${faultText(change.error)}` : ''}
      onClose={onClose}
      onAct={() => change.mutate({ suspended: !tenant.suspended })}
    >
      <p>
        {tenant.suspended
          ? 'Its people and keys are let in again.'
          : 'Its people and keys are refused within a second, and nothing more is taken in for it. What is stored stays, and it can be resumed.'}
      </p>
    </Confirm>
  );
}

interface Limits {
  title: string;
  rate: string;
  gib: string;
}

// What is typed as a change; the fault by its field where it is no number.
function changeOf({ title, rate, gib }: Limits) {
  const alerts = rateOf(rate);
  const bytes = bytesOf(gib);
  const faults = new Map<string, string>();
  if (alerts === null) faults.set('alerts_per_second', 'is a whole number from 1, or empty');
  if (bytes === null) faults.set('storage_bytes', 'is a number of GiB, or empty');
  return {
    faults,
    change: { title: title.trim(), alerts_per_second: alerts ?? 0, storage_bytes: bytes ?? 0 },
  };
}

function Edit({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const [limits, setLimits] = useState<Limits>({
    title: tenant.title,
    rate: tenant.alerts_per_second === 0 ? '' : String(tenant.alerts_per_second),
    gib: gibOf(tenant.storage_bytes),
  });
  const [faults, setFaults] = useState(new Map<string, string>());
  const change = useChange(tenant, 'Changed.', onClose);
  const all = new Map([...faultsOf(change.error), ...faults]);
  const save = () => {
    const read = changeOf(limits);
    setFaults(read.faults);
    if (read.faults.size === 0) change.mutate(read.change);
  };
  return (
    <FormDialog
      title={`Change ${visible(tenant.name, 60)}`}
      act="Save tenant"
      busy={change.isPending}
      fault={change.error && all.size === 0 ? `Not saved. ${faultText(change.error)}` : ''}
      onClose={onClose}
      onSubmit={save}
    >
      <LimitFields limits={limits} faults={all} first onChange={setLimits} />
    </FormDialog>
  );
}

interface FieldsProps {
  limits: Limits;
  faults: ReadonlyMap<string, string>;
  first?: boolean;
  onChange: (limits: Limits) => void;
}

function LimitFields({ limits, faults, first = false, onChange }: FieldsProps) {
  const of = (part: keyof Limits, name: string) => ({
    name,
    fault: faults.get(name),
    value: limits[part],
    onText: (text: string) => onChange({ ...limits, [part]: text }),
  });
  return (
    <>
      <TextField
        label="Title"
        help="As people see it."
        maxLength={200}
        first={first}
        {...of('title', 'title')}
      />
      <TextField
        label="Alerts a second"
        help="Empty: no limit."
        inputMode="numeric"
        {...of('rate', 'alerts_per_second')}
      />
      <TextField
        label="Storage in GiB"
        help="Empty: no limit."
        inputMode="decimal"
        {...of('gib', 'storage_bytes')}
      />
    </>
  );
}

interface AddProps {
  onClose: () => void;
  onAdded: (tenant: Tenant) => void;
}

export function AddTenant({ onClose, onAdded }: AddProps) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [limits, setLimits] = useState<Limits>({ title: '', rate: '', gib: '' });
  const [faults, setFaults] = useState(new Map<string, string>());
  const add = useMutation({
    mutationFn: addTenant,
    onSuccess: async (tenant) => {
      onAdded(tenant);
      await client.invalidateQueries({ queryKey: tenantsQuery.queryKey });
    },
  });
  const all = new Map([...faultsOf(add.error), ...faults]);
  const create = () => {
    const { faults: found, change } = changeOf(limits);
    setFaults(found);
    const { title, ...rest } = change;
    if (found.size === 0) add.mutate({ name: name.trim(), ...rest, ...(title === '' ? {} : { title }) });
  };
  return (
    <FormDialog
      title="Create tenant"
      act="Create tenant"
      busy={add.isPending}
      fault={add.error && all.size === 0 ? `Not created. ${faultText(add.error)}` : ''}
      onClose={onClose}
      onSubmit={create}
    >
      <TextField
        label="Name"
        name="tenant-name"
        help="a-z, 0-9 and '-', 40 at most. It cannot be changed later."
        fault={all.get('name')}
        first
        spellCheck={false}
        maxLength={100}
        value={name}
        onText={setName}
      />
      <LimitFields limits={limits} faults={all} onChange={setLimits} />
    </FormDialog>
  );
}
