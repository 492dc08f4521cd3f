// A person more. The server makes the first password, except for the very first person: the moment that one is there,
// everybody has to sign in, and this page could not show it any more.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultsOf, faultText } from '@/shared/api/http';
import type { Grant, NewPerson } from '@/shared/api/wire';
import { TextField } from '@/shared/ui/Field';
import { FormDialog } from '@/shared/ui/Form';
import { addPerson, peopleQuery } from '../admin';
import { GrantRows } from './GrantRows';

interface Props {
  isFirst: boolean;
  onClose: () => void;
  onAdded: (person: NewPerson) => void;
}

export function AddPerson({ isFirst, onClose, onAdded }: Props) {
  const client = useQueryClient();
  const [login, setLogin] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [grants, setGrants] = useState<readonly Grant[]>([{ role: 'viewer' }]);
  const add = useMutation({
    mutationFn: () =>
      addPerson({
        login: login.trim(),
        grants: isFirst ? [{ role: 'admin' }] : [...grants],
        ...(name.trim() === '' ? {} : { name: name.trim() }),
        ...(isFirst ? { password } : {}),
      }),
    onSuccess: async (person) => {
      if (isFirst) return window.location.assign('/sign-in?next=%2Fadmin%2Fpeople');
      onAdded(person);
      await client.invalidateQueries({ queryKey: peopleQuery.queryKey });
    },
  });
  const faults = faultsOf(add.error);
  const known = ['login', 'name', 'password', 'grants'].some((field) => faults.has(field));
  return (
    <FormDialog
      title={isFirst ? 'Add the first admin' : 'Add person'}
      act={isFirst ? 'Add admin and sign in' : 'Add person'}
      busy={add.isPending}
      fault={add.error && !known ? `Not added. ${faultText(add.error)}` : ''}
      onClose={onClose}
      onSubmit={() => add.mutate()}
    >
      <TextField
        label="Sign-in name"
        name="login"
        help="Without blanks, such as ana or ana@example.org."
        fault={faults.get('login')}
        first
        spellCheck={false}
        maxLength={200}
        value={login}
        onText={setLogin}
      />
      <NameField value={name} fault={faults.get('name')} onText={setName} />
      {isFirst ? (
        <TextField
          label="Password"
          name="password"
          help="12 to 128 characters of any kind. From then on everybody has to sign in."
          fault={faults.get('password')}
          type="password"
          autoComplete="new-password"
          value={password}
          onText={setPassword}
        />
      ) : (
        <GrantRows grants={grants} fault={faults.get('grants')} onChange={setGrants} />
      )}
    </FormDialog>
  );
}

interface NameProps {
  value: string;
  fault: string | undefined;
  first?: boolean;
  onText: (name: string) => void;
}

export function NameField(props: NameProps) {
  return <TextField label="Name" name="name" help="As others see it." maxLength={200} {...props} />;
}
