// A password of one's own, before anything else when somebody else made the present one.
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { faultsOf, reasonOf, send } from '@/shared/api/http';
import { pageAfter } from '@/shared/session';
import { NewPassword, PresentPassword } from '@/shared/ui/passwords';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import css from './Session.module.css';

export function PasswordPage() {
  usePageTitle('Choose a password');
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [faults, setFaults] = useState(new Map<string, string>());
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const currentInput = useRef<HTMLInputElement>(null);

  useEffect(() => currentInput.current?.focus(), []);

  const change = async () => {
    setBusy(true);
    try {
      await send('/api/v1/me/password', { method: 'PUT', json: { current, new: fresh } });
      window.location.assign(pageAfter(window.location));
    } catch (error) {
      setBusy(false);
      const found = faultsOf(error);
      setFaults(found);
      setFault(found.size === 0 ? reasonOf(error) : '');
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void change();
  };

  return (
    <main id="main" className={css['page']}>
      <form className={css['card']} onSubmit={submit}>
        <h1>Choose a password of your own</h1>
        <PresentPassword
          label="Present password"
          name="current"
          ref={currentInput}
          fault={faults.get('password')}
          value={current}
          onText={setCurrent}
        />
        <NewPassword fault={faults.get('new')} value={fresh} onText={setFresh} />
        <p role="alert" className={css['fault']}>
          {fault}
        </p>
        <button type="submit" className={css['submit']} disabled={busy}>
          {busy ? 'Changing' : 'Change password'}
        </button>
      </form>
    </main>
  );
}
