// The authenticator: set up with a QR code, recovery codes shown once, taken off with the password.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { faultsOf } from '@/shared/api/http';
import { sessionQuery } from '@/shared/api/session';
import type { SecondFactorOffer } from '@/shared/api/wire';
import { Button, CopyButton, Panel } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Field } from '@/shared/ui/Field';
import { toast } from '@/shared/ui/toasts';
import { useUrlState } from '@/shared/ui/useUrlState';
import { confirmFactor, faultOf, offerFactor, removeFactor } from '../account';
import { qrPath } from '../qr';
import css from './Account.module.css';

export function SecondFactor({ isOn }: { isOn: boolean }) {
  const client = useQueryClient();
  const [act, setAct] = useUrlState('do');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const offer = useMutation({ mutationFn: offerFactor });
  const reread = () => client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  return (
    <Panel title="Second factor">
      <p className="secondary">
        {isOn
          ? 'It is on: each sign-in asks for a code of your authenticator.'
          : 'It is off: the password alone signs you in. An authenticator app on a phone makes a stolen password useless.'}
      </p>
      <div className={css['row']}>
        {!offer.data && (
          <Button disabled={offer.isPending} onClick={() => offer.mutate()}>
            {isOn ? 'Set up another authenticator' : 'Set up an authenticator'}
          </Button>
        )}
        {isOn && <Button onClick={() => setAct('remove-factor')}>Turn off…</Button>}
      </div>
      <p role="alert" className={css['fault']}>
        {offer.error ? `Not begun. ${faultOf(offer.error)}` : ''}
      </p>
      {offer.data && (
        <SetUp
          offer={offer.data}
          onCancel={offer.reset}
          onDone={(made) => {
            offer.reset();
            setCodes(made);
            void reread();
          }}
        />
      )}
      {codes && <Codes codes={codes} onClose={() => setCodes(null)} />}
      {isOn && act === 'remove-factor' && (
        <Remove
          onClose={() => setAct(null)}
          onDone={() => {
            setAct(null);
            toast({ text: 'The second factor is off.' });
            void reread();
          }}
        />
      )}
    </Panel>
  );
}

interface SetUpProps {
  offer: SecondFactorOffer;
  onCancel: () => void;
  onDone: (codes: readonly string[]) => void;
}

function SetUp({ offer, onCancel, onDone }: SetUpProps) {
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const confirm = useMutation({
    mutationFn: () => confirmFactor(offer.ticket, code, password),
    onSuccess: onDone,
  });
  const faults = faultsOf(confirm.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!confirm.isPending) confirm.mutate();
  };
  return (
    <div className={css['set']}>
      <Qr text={offer.uri} />
      <div>
        <p>Scan it with the authenticator, or type this secret there:</p>
        <p className={css['secret']}>
          <code data-secret="">{offer.secret}</code>
          <CopyButton text={offer.secret} what="the secret" />
        </p>
        <form className={css['form']} onSubmit={submit}>
          <Field
            label="Code"
            name="factor-code"
            help="Six digits that the authenticator shows now."
            fault={faults.get('code')}
          >
            <input
              type="text"
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              aria-describedby="factor-code-about"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </Field>
          <Field label="Your password" name="factor-password" fault={faults.get('password')}>
            <input
              type="password"
              autoComplete="current-password"
              required
              aria-describedby="factor-password-about"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          <p role="alert" className={css['fault']}>
            {confirm.error && faults.size === 0 ? faultOf(confirm.error) : ''}
          </p>
          <div className={css['row']}>
            <Button look="primary" type="submit" disabled={confirm.isPending}>
              Turn on second factor
            </Button>
            <Button onClick={onCancel}>Cancel</Button>
          </div>
        </form>
      </div>
    </div>
  );
}

function Qr({ text }: { text: string }) {
  const { size, path } = qrPath(text);
  return (
    <svg
      className={css['qr']}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR code for the authenticator; the secret beside it says the same"
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} />
      <path d={path} />
    </svg>
  );
}

function Codes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  return (
    <Dialog title="Recovery codes" onClose={onClose} stays>
      <p>
        The second factor is on. Each of these codes signs you in once, when the authenticator is lost. Keep
        them on paper or in a password manager.
      </p>
      <ul className={css['codes']} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p className="secondary">
        They are shown this once. <CopyButton text={codes.join('\n')} what="the recovery codes" />
      </p>
      <DialogActions>
        <Button look="primary" data-autofocus="" onClick={onClose}>
          I have kept them
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Remove({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [password, setPassword] = useState('');
  const remove = useMutation({ mutationFn: () => removeFactor(password), onSuccess: onDone });
  const faults = faultsOf(remove.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!remove.isPending) remove.mutate();
  };
  return (
    <Dialog title="Turn off the second factor" onClose={onClose}>
      <form onSubmit={submit}>
        <p>From then on the password alone signs you in, and the recovery codes are void.</p>
        <Field label="Your password" name="remove-password" fault={faults.get('password')}>
          <input
            type="password"
            data-autofocus=""
            autoComplete="current-password"
            required
            aria-describedby="remove-password-about"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <p role="alert" className={css['fault']}>
          {remove.error && faults.size === 0 ? faultOf(remove.error) : ''}
        </p>
        <DialogActions>
          <Button onClick={onClose}>Keep it on</Button>
          <Button look="danger" type="submit" disabled={remove.isPending}>
            Turn off second factor
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
