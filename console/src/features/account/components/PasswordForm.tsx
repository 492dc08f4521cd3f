// Another password; all other sessions end.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { faultsOf } from '@/shared/api/http';
import { Button, Panel } from '@/shared/ui/basics';
import { Field } from '@/shared/ui/Field';
import { toast } from '@/shared/ui/toasts';
import { changePassword, faultOf, sessionsQuery } from '../account';
import css from './Account.module.css';

export function PasswordForm() {
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword(current, fresh),
    onSuccess: async () => {
      setCurrent('');
      setFresh('');
      toast({ text: 'The password is changed. All other sessions are ended.' });
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const faults = faultsOf(change.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!change.isPending) change.mutate();
  };
  return (
    <Panel title="Password">
      <form className={css['form']} onSubmit={submit}>
        <Field
          label="Present password"
          name="current"
          fault={faults.get('password') ?? faults.get('current')}
        >
          <input
            type="password"
            autoComplete="current-password"
            required
            aria-describedby="current-about"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        </Field>
        <Field
          label="New password"
          name="new"
          help="12 to 128 characters of any kind; a few words in a row are good."
          fault={faults.get('new')}
        >
          <input
            type="password"
            autoComplete="new-password"
            required
            aria-describedby="new-about"
            value={fresh}
            onChange={(event) => setFresh(event.target.value)}
          />
        </Field>
        <p role="alert" className={css['fault']}>
          {change.error && faults.size === 0 ? faultOf(change.error) : ''}
        </p>
        <div>
          <Button type="submit" disabled={change.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Panel>
  );
}
