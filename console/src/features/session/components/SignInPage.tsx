// Name, password and, when it is asked for, the code of the second factor.
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ApiError, faultText, post } from '@/shared/api/http';
import { providerPage, pageAfter, type Session } from '@/shared/session';
import { TextField } from '@/shared/ui/Field';
import { PresentPassword } from '@/shared/ui/passwords';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import css from './Session.module.css';

function asksForCode(error: unknown): boolean {
  return error instanceof ApiError && (error.problem.errors ?? []).some(({ pointer }) => pointer === '/code');
}

export function SignInPage({ provider }: { provider: Session['provider'] }) {
  usePageTitle('Sign in');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [needsCode, setNeedsCode] = useState(false);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const loginInput = useRef<HTMLInputElement>(null);
  const codeInput = useRef<HTMLInputElement>(null);

  useEffect(() => loginInput.current?.focus(), []);

  const signIn = async () => {
    setBusy(true);
    setFault('');
    try {
      await post('/api/v1/session/sign-in', { login, password, ...(needsCode ? { code } : {}) });
      window.location.assign(pageAfter(window.location));
    } catch (error) {
      setBusy(false);
      if (asksForCode(error) && !needsCode) {
        setNeedsCode(true);
        window.setTimeout(() => codeInput.current?.focus());
        return;
      }
      setFault(faultText(error));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void signIn();
  };

  return (
    <main id="main" className={css['page']}>
      <form className={css['card']} onSubmit={submit}>
        <h1>Sign in to Tocsin</h1>
        <TextField
          label="Name"
          name="login"
          ref={loginInput}
          autoComplete="username"
          required
          value={login}
          onText={setLogin}
        />
        <PresentPassword
          label="Password"
          name="password"
          fault={undefined}
          value={password}
          onText={setPassword}
        />
        {needsCode && (
          <TextField
            label="Code"
            name="code"
            help="Of your authenticator, or a recovery code."
            ref={codeInput}
            autoComplete="one-time-code"
            required
            value={code}
            onText={setCode}
          />
        )}
        <p role="alert" className={css['fault']}>
          {fault}
        </p>
        <button type="submit" className={css['submit']} disabled={busy}>
          {busy ? 'Signing in' : 'Sign in'}
        </button>
        {provider && (
          <a className={css['provider']} href={providerPage(provider.start, window.location)}>
            Sign in with {provider.name}
          </a>
        )}
      </form>
    </main>
  );
}
