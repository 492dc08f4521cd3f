// Another password; all other sessions end.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultsOf, faultText } from '@/shared/api/http';
import { Button, Panel } from '@/shared/ui/basics';
import { Form } from '@/shared/ui/Form';
import { NewPassword, PresentPassword } from '@/shared/ui/passwords';
import { toast } from '@/shared/ui/toasts';
import { changePassword, sessionsQuery } from '../account';
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
  return (
    <Panel title="Password">
      <div className={css['form']}>
        <Form
          busy={change.isPending}
          fault={change.error && faults.size === 0 ? faultText(change.error) : ''}
          onSubmit={() => change.mutate()}
          acts={
            <div>
              <Button type="submit" disabled={change.isPending}>
                Change password
              </Button>
            </div>
          }
        >
          <PresentPassword
            label="Present password"
            name="current"
            fault={faults.get('password') ?? faults.get('current')}
            value={current}
            onText={setCurrent}
          />
          <NewPassword fault={faults.get('new')} value={fresh} onText={setFresh} />
        </Form>
      </div>
    </Panel>
  );
}
