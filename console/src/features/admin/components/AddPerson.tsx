// A person more. The server makes the first password, except for the very first person: the moment that one is there,
// everybody has to sign in, and this page could not show it any more.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultsOf } from '@/shared/api/http';
import type { Grant, NewPerson } from '@/shared/api/wire';
import { Field } from '@/shared/ui/Field';
import { addPerson, faultText, peopleQuery } from '../admin';
import { GrantRows } from './GrantRows';
import { FormDialog } from './parts';

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
      <Field
        label="Sign-in name"
        name="login"
        help="Without blanks, such as ana or ana@example.org."
        fault={faults.get('login')}
      >
        <input
          type="text"
          data-autofocus=""
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          aria-describedby="login-about"
          aria-invalid={faults.has('login')}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
      </Field>
      <Field label="Name" name="name" help="As others see it." fault={faults.get('name')}>
        <input
          type="text"
          autoComplete="off"
          maxLength={200}
          aria-describedby="name-about"
          aria-invalid={faults.has('name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      {isFirst ? (
        <Field
          label="Password"
          name="password"
          help="12 to 128 characters of any kind. From then on everybody has to sign in."
          fault={faults.get('password')}
        >
          <input
            type="password"
            autoComplete="new-password"
            aria-describedby="password-about"
            aria-invalid={faults.has('password')}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      ) : (
        <GrantRows grants={grants} fault={faults.get('grants')} onChange={setGrants} />
      )}
    </FormDialog>
  );
}
