// What is typed and sent, on a page or in a dialog, and the questions before what hurts.
import type { FormEvent, ReactNode } from 'react';
import { Button, CopyButton } from './basics';
import { Dialog, DialogActions } from './Dialog';
import { Fault } from './Field';
import css from './Form.module.css';

interface FormProps {
  busy: boolean;
  fault: string; // of the whole; '' for none
  onSubmit: () => void;
  children: ReactNode;
  acts: ReactNode;
  noValidate?: boolean; // the server says what is missing, not the browser
}

export function Form({ busy, fault, onSubmit, children, acts, noValidate = false }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <form className={css['form']} noValidate={noValidate} onSubmit={submit}>
      {children}
      <Fault>{fault}</Fault>
      {acts}
    </form>
  );
}

interface FormDialogProps {
  title: string;
  act: string; // of the button
  keep?: string; // of the way back
  danger?: boolean;
  noValidate?: boolean;
  busy: boolean;
  fault: string;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

export function FormDialog(props: FormDialogProps) {
  const { title, act, keep = 'Cancel', danger = false, noValidate = true, busy, onClose, children } = props;
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        busy={busy}
        fault={props.fault}
        onSubmit={props.onSubmit}
        noValidate={noValidate}
        acts={
          <DialogActions>
            <Button onClick={onClose}>{keep}</Button>
            <Button look={danger ? 'danger' : 'primary'} type="submit" disabled={busy}>
              {act}
            </Button>
          </DialogActions>
        }
      >
        {children}
      </Form>
    </Dialog>
  );
}

interface ConfirmProps {
  title: string;
  act: string;
  keep: string;
  busy?: boolean;
  fault?: string;
  onClose: () => void;
  onAct: () => void;
  children: ReactNode;
}

// The way back has the focus: nothing that hurts happens by Enter alone.
export function Confirm(props: ConfirmProps) {
  const { title, act, keep, busy = false, fault = '', onClose, onAct, children } = props;
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <Fault>{fault}</Fault>
      <DialogActions>
        <Button data-autofocus="" onClick={onClose}>
          {keep}
        </Button>
        <Button look="danger" disabled={busy} onClick={onAct}>
          {act}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface SecretProps {
  title: string;
  secret: string;
  what: string; // "the password"
  kept: string; // what the server keeps of it
  onClose: () => void;
  children: ReactNode;
}

// Shown once: Escape and a click beside it would lose it, so that only the button closes.
export function SecretDialog({ title, secret, what, kept, onClose, children }: SecretProps) {
  return (
    <Dialog title={title} onClose={onClose} stays>
      <p>{children}</p>
      <div className={css['secret']}>
        <code data-secret="">{secret}</code>
        <CopyButton text={secret} what={what} />
      </div>
      <p className="secondary">It is shown this once. {kept}</p>
      <DialogActions>
        <Button look="primary" data-autofocus="" onClick={onClose}>
          I have kept it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
