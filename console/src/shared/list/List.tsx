// A page that shows rows and opens one beside them: head, rows, details, and what stands there while there are none.
import type { ReactNode } from 'react';
import { useActions, type Action } from '@/shared/keys/registry';
import { Button, IconButton } from '@/shared/ui/basics';
import { Loading, ProblemView } from '@/shared/ui/states';
import css from './list.module.css';

export function PageHead({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={css['head']}>
      <h1>{title}</h1>
      <p className="secondary">{children}</p>
    </div>
  );
}

export function Bar({ children }: { children: ReactNode }) {
  return <div className={css['bar']}>{children}</div>;
}

// `details`: of the row that is open.
export function Split({ details, children }: { details: ReactNode; children: ReactNode }) {
  return (
    <div className={css['split']}>
      <div className={css['rows']}>{children}</div>
      {details}
    </div>
  );
}

// Scrolls sideways when its table is wider than the place.
export function Rows({ children }: { children: ReactNode }) {
  return <div className={css['list']}>{children}</div>;
}

interface DetailsProps {
  label: string; // what it shows: "Key"
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

export function Details({ label, title, onClose, children }: DetailsProps) {
  return (
    <aside className={css['panel']} aria-label={label}>
      <div className={css['panelHead']}>
        <h2>{title}</h2>
        <IconButton icon="close" label="Close the details (Esc)" onClick={onClose} />
      </div>
      {children}
    </aside>
  );
}

export function Acts({ children }: { children: ReactNode }) {
  return <div className={css['acts']}>{children}</div>;
}

interface Asked {
  isError: boolean;
  isPending: boolean;
  error: unknown;
  refetch: () => Promise<unknown>;
}

// `what`: "the keys".
export function NotThereYet({ list, what, lines = 6 }: { list: Asked; what: string; lines?: number }) {
  if (list.isError)
    return <ProblemView error={list.error} what="The list" onRetry={() => void list.refetch()} />;
  return list.isPending ? <Loading lines={lines} what={what} /> : null;
}

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

export function ShowMore({ list, children = 'Show more' }: { list: Paged; children?: ReactNode }) {
  if (!list.hasNextPage) return null;
  return (
    <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {children}
    </Button>
  );
}

interface StatesProps<State extends string> {
  states: readonly (readonly [state: State, word: string, count?: ReactNode])[];
  state: State | null; // null: all
  onState: (state: State | null) => void;
}

// f goes through them.
export function StateFilter<State extends string>({ states, state, onState }: StatesProps<State>) {
  const order: readonly (State | null)[] = [null, ...states.map(([name]) => name)];
  useActions([
    {
      id: 'next-state',
      title: 'Show rows of the next state',
      group: 'View',
      keys: ['f'],
      run: () => onState(order[(order.indexOf(state) + 1) % order.length] ?? null),
    },
  ]);
  return (
    <div className={css['states']} role="group" aria-label="State">
      <Button aria-pressed={state === null} keys="f" onClick={() => onState(null)}>
        All
      </Button>
      {states.map(([name, word, count]) => (
        <Button key={name} aria-pressed={state === name} onClick={() => onState(name)}>
          {word}
          {count !== undefined && <span className="muted"> {count}</span>}
        </Button>
      ))}
    </div>
  );
}

interface RowKeys {
  one: string; // "job"
  ids: readonly string[];
  chosen: string | null;
  choose: (id: string | null) => void;
  more?: readonly Action[];
}

// j and k go through the rows, Escape closes the details.
export function useRowKeys({ one, ids, chosen, choose, more = [] }: RowKeys): void {
  const step = (by: number) => {
    const next = ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(chosen ?? '') + by))];
    if (next !== undefined) choose(next);
  };
  useActions([
    { id: 'next', title: `Next ${one}`, group: 'Move', keys: ['j'], run: () => step(1) },
    { id: 'previous', title: `Previous ${one}`, group: 'Move', keys: ['k'], run: () => step(-1) },
    { id: 'back', title: 'Close the details', group: 'View', keys: ['Escape'], run: () => choose(null) },
    ...more,
  ]);
}
