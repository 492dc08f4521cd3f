// What the pages of administration share: their head, the moves through a list, a form in a dialog.
import type { FormEvent, ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { useActions, type Action } from '@/shared/keys/registry';
import { may, type Verb } from '@/shared/session';
import { plain } from '@/shared/text/words';
import { Button, CopyButton } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { useUrlState } from '@/shared/ui/useUrlState';
import css from './Admin.module.css';

const tabs: readonly (readonly [to: string, name: string, needs?: Verb])[] = [
  ['/admin/people', 'People', 'people.read'],
  ['/admin/keys', 'Keys', 'people.read'],
  ['/admin/tenants', 'Tenants', 'tenants.read'],
  ['/admin/roles', 'Roles'],
];

export function Head({ title, children }: { title: string; children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <>
      <nav className={css['tabs']} aria-label="Administration">
        {tabs.map(
          ([to, name, needs]) =>
            (!needs || may(needs)) && (
              <Link key={to} to={to} aria-current={pathname === to ? 'page' : undefined}>
                {name}
              </Link>
            ),
        )}
      </nav>
      <div className={css['head']}>
        <h1>{title}</h1>
        <p className="secondary">{children}</p>
      </div>
    </>
  );
}

export interface Address {
  text: string;
  state: string | null;
  chosen: string | null;
  act: string | null; // the dialog that is open
  setText: (text: string) => void;
  setState: (state: string | null) => void;
  choose: (id: string | null) => void;
  setAct: (act: string | null) => void;
}

export function useAddress(): Address {
  const [text, setText] = useUrlState('text');
  const [state, setState] = useUrlState('state');
  const [chosen, choose] = useUrlState('id');
  const [act, setAct] = useUrlState('do');
  return {
    text: text ?? '',
    state,
    chosen,
    act,
    setText: (next) => setText(next === '' ? null : next),
    setState,
    choose,
    setAct,
  };
}

interface FilterProps {
  address: Address;
  states: readonly string[];
  what: string;
  children: ReactNode; // what can be added
}

export function FilterBar({ address, states, what, children }: FilterProps) {
  return (
    <div className={css['bar']}>
      <input
        id="admin-filter"
        type="search"
        aria-label={`Filter ${what}`}
        placeholder="Filter (/)"
        value={address.text}
        onChange={(event) => address.setText(event.target.value)}
      />
      <div className={css['states']} role="group" aria-label="State">
        {[null, ...states].map((state) => (
          <Button
            key={state ?? 'all'}
            aria-pressed={address.state === state}
            onClick={() => address.setState(state)}
          >
            {state === null ? 'All' : plain(state)}
          </Button>
        ))}
      </div>
      <span className={css['spacer']} />
      {children}
    </div>
  );
}

// j and k go through the rows, f through the states, n adds, / filters.
export function useListKeys(
  address: Address,
  ids: readonly string[],
  states: readonly string[],
  add: { title: string; needs: Verb },
) {
  const step = (by: number) => {
    const at = ids.indexOf(address.chosen ?? '');
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + by))];
    if (next) address.choose(next);
  };
  const order = [null, ...states];
  const actions: readonly Action[] = [
    { id: 'next', title: 'Next row', group: 'Move', keys: ['j'], run: () => step(1) },
    { id: 'previous', title: 'Previous row', group: 'Move', keys: ['k'], run: () => step(-1) },
    {
      id: 'back',
      title: 'Close the details',
      group: 'View',
      keys: ['Escape'],
      run: () => address.choose(null),
    },
    {
      id: 'admin-state',
      title: 'Show the next state',
      group: 'View',
      keys: ['f'],
      run: () => address.setState(order[(order.indexOf(address.state) + 1) % order.length] ?? null),
    },
    {
      id: 'admin-filter',
      title: 'Filter the list',
      group: 'View',
      keys: ['/'],
      run: () => document.getElementById('admin-filter')?.focus(),
    },
    {
      id: 'admin-add',
      title: add.title,
      group: 'Work',
      keys: ['n'],
      needs: add.needs,
      run: () => address.setAct('add'),
    },
  ];
  useActions(actions);
}

interface FormProps {
  title: string;
  act: string; // of the button
  busy: boolean;
  fault: string;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

export function FormDialog({ title, act, busy, fault, onClose, onSubmit, children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={css['form']} noValidate onSubmit={submit}>
        {children}
        <p role="alert" className={css['fault']}>
          {fault}
        </p>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {act}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface ConfirmProps {
  title: string;
  act: string;
  keep: string;
  busy: boolean;
  fault: string;
  onClose: () => void;
  onAct: () => void;
  children: ReactNode;
}

// The way back has the focus: nothing that hurts happens by Enter alone.
export function Confirm({ title, act, keep, busy, fault, onClose, onAct, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <p role="alert" className={css['fault']}>
        {fault}
      </p>
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
  onClose: () => void;
  children: ReactNode;
}

// Shown once: Escape and a click beside it would lose it, so that only the button closes.
export function SecretDialog({ title, secret, what, onClose, children }: SecretProps) {
  return (
    <Dialog title={title} onClose={onClose} stays>
      <p>{children}</p>
      <div className={css['secret']}>
        <code data-secret="">{secret}</code>
        <CopyButton text={secret} what={what} />
      </div>
      <p className="secondary">It is shown this once. The server keeps only its hash.</p>
      <DialogActions>
        <Button look="primary" data-autofocus="" onClick={onClose}>
          I have kept it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
