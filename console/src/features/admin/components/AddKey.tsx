// A key more: for whom, with which rights, until when.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultsOf, faultText } from '@/shared/api/http';
import type { ApiKeyInput, NewApiKey, RoleName, RoleTable, Scope } from '@/shared/api/wire';
import { canHaveScope, isPart } from '@/shared/text/scope';
import { Fault, Field, TextField } from '@/shared/ui/Field';
import { FormDialog } from '@/shared/ui/Form';
import { addKey, keysQuery, rolesQuery } from '../admin';
import { ScopeFields } from './ScopeFields';
import css from './Admin.module.css';

// A key that nobody remembers must end by itself.
const ends: readonly (readonly [days: string, text: string])[] = [
  ['30', 'in 30 days'],
  ['90', 'in 90 days'],
  ['365', 'in a year'],
  ['', 'never'],
];

interface Draft {
  name: string;
  role: RoleName;
  source: string;
  days: string;
  scope: Scope;
  leftOut: ReadonlySet<string>;
}

const emptyDraft: Draft = { name: '', role: 'ingest', source: '', days: '90', scope: {}, leftOut: new Set() };

const verbsOf = (role: string, table: RoleTable | undefined) =>
  (table?.verbs ?? []).filter(({ name, roles }) => roles.includes(role) && name !== 'public');

function inputOf(draft: Draft, table: RoleTable | undefined): ApiKeyInput {
  const verbs = verbsOf(draft.role, table).map(({ name }) => name);
  const kept = verbs.filter((verb) => !draft.leftOut.has(verb));
  return {
    name: draft.name.trim(),
    role: draft.role,
    ...(kept.length < verbs.length ? { verbs: kept } : {}),
    ...(draft.role === 'ingest' && draft.source.trim() !== '' ? { source: draft.source.trim() } : {}),
    ...(canHaveScope(draft.role) && isPart(draft.scope) ? { scope: draft.scope } : {}),
    ...(draft.days === '' ? {} : { expires_in_days: Number(draft.days) }),
  };
}

interface Props {
  onClose: () => void;
  onAdded: (key: NewApiKey) => void;
}

export function AddKey({ onClose, onAdded }: Props) {
  const client = useQueryClient();
  const table = useQuery(rolesQuery).data;
  const [draft, setDraft] = useState(emptyDraft);
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const add = useMutation({
    mutationFn: () => addKey(inputOf(draft, table)),
    onSuccess: async (key) => {
      onAdded(key);
      await client.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  const faults = faultsOf(add.error);
  const known = ['name', 'role', 'source', 'expires_in_days', 'verbs'].some((field) => faults.has(field));
  return (
    <FormDialog
      title="Make key"
      act="Make key"
      busy={add.isPending}
      fault={add.error && !known ? `Not made. ${faultText(add.error)}` : ''}
      onClose={onClose}
      onSubmit={() => add.mutate()}
    >
      <TextField
        label="Name"
        name="key-name"
        help="The program that will hold it."
        fault={faults.get('name')}
        first
        maxLength={100}
        value={draft.name}
        onText={(name) => set({ name })}
      />
      <Field
        label="Role"
        name="key-role"
        help={table?.roles.find(({ name }) => name === draft.role)?.meaning}
        fault={faults.get('role')}
      >
        <select
          aria-describedby="key-role-about"
          value={draft.role}
          onChange={(event) => set({ role: event.target.value as RoleName, leftOut: new Set() })}
        >
          {(table?.roles ?? []).map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </Field>
      {draft.role === 'ingest' && (
        <TextField
          label="Source"
          name="key-source"
          help="If named, it is taken for that source only, and may stand in the address of its webhook."
          fault={faults.get('source')}
          spellCheck={false}
          maxLength={64}
          value={draft.source}
          onText={(source) => set({ source })}
        />
      )}
      {canHaveScope(draft.role) && (
        <ScopeFields scope={draft.scope} of="the key" onChange={(scope) => set({ scope })} />
      )}
      <Field label="Ends" name="key-ends" fault={faults.get('expires_in_days')}>
        <select
          aria-describedby="key-ends-about"
          value={draft.days}
          onChange={(event) => set({ days: event.target.value })}
        >
          {ends.map(([days, text]) => (
            <option key={text} value={days}>
              {text}
            </option>
          ))}
        </select>
      </Field>
      {draft.role !== 'ingest' && (
        <Rights
          verbs={verbsOf(draft.role, table)}
          leftOut={draft.leftOut}
          fault={faults.get('verbs')}
          onChange={(leftOut) => set({ leftOut })}
        />
      )}
    </FormDialog>
  );
}

interface RightsProps {
  verbs: RoleTable['verbs'];
  leftOut: ReadonlySet<string>;
  fault: string | undefined;
  onChange: (leftOut: ReadonlySet<string>) => void;
}

function Rights({ verbs, leftOut, fault, onChange }: RightsProps) {
  const toggle = (name: string) => {
    const next = new Set(leftOut);
    if (!next.delete(name)) next.add(name);
    onChange(next);
  };
  return (
    <details>
      <summary>
        Rights: {verbs.length - leftOut.size} of {verbs.length}
      </summary>
      <div className={css['checks']} role="group" aria-label="Rights of the key">
        {verbs.map(({ name, meaning }) => (
          <label key={name} title={meaning}>
            <input type="checkbox" checked={!leftOut.has(name)} onChange={() => toggle(name)} />
            <code>{name}</code>
          </label>
        ))}
      </div>
      <Fault>{fault}</Fault>
    </details>
  );
}
