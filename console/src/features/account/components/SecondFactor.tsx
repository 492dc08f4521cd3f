// The authenticator: set up with a QR code, recovery codes shown once, taken off with the password.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultsOf, faultText } from '@/shared/api/http';
import { sessionQuery } from '@/shared/api/session';
import type { SecondFactorOffer } from '@/shared/api/wire';
import { Button, CopyButton, Panel } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Fault, TextField } from '@/shared/ui/Field';
import { Form, FormDialog } from '@/shared/ui/Form';
import { PresentPassword } from '@/shared/ui/passwords';
import { toast } from '@/shared/ui/toasts';
import { useUrlState } from '@/shared/ui/useUrlState';
import { confirmFactor, offerFactor, removeFactor } from '../account';
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
      <Fault>{offer.error ? `Not begun. ${faultText(offer.error)}` : ''}</Fault>
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
  return (
    <div className={css['set']}>
      <Qr text={offer.uri} />
      <div>
        <p>Scan it with the authenticator, or type this secret there:</p>
        <p className={css['secret']}>
          <code data-secret="">{offer.secret}</code>
          <CopyButton text={offer.secret} what="the secret" />
        </p>
        <div className={css['form']}>
          <Form
            busy={confirm.isPending}
            fault={confirm.error && faults.size === 0 ? faultText(confirm.error) : ''}
            onSubmit={() => confirm.mutate()}
            acts={
              <div className={css['row']}>
                <Button look="primary" type="submit" disabled={confirm.isPending}>
                  Turn on second factor
                </Button>
                <Button onClick={onCancel}>Cancel</Button>
              </div>
            }
          >
            <TextField
              label="Code"
              name="factor-code"
              help="Six digits that the authenticator shows now."
              fault={faults.get('code')}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              value={code}
              onText={setCode}
            />
            <PresentPassword
              label="Your password"
              name="factor-password"
              fault={faults.get('password')}
              value={password}
              onText={setPassword}
            />
          </Form>
        </div>
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
  return (
    <FormDialog
      title="Turn off the second factor"
      act="Turn off second factor"
      keep="Keep it on"
      danger
      noValidate={false}
      busy={remove.isPending}
      fault={remove.error && faults.size === 0 ? faultText(remove.error) : ''}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    >
      <p>From then on the password alone signs you in, and the recovery codes are void.</p>
      <PresentPassword
        label="Your password"
        name="remove-password"
        fault={faults.get('password')}
        first
        value={password}
        onText={setPassword}
      />
    </FormDialog>
  );
}
