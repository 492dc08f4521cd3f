// Small parts that the tabs share.
import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Fault } from '@/shared/ui/Field';
import { Hostile } from '@/shared/ui/Hostile';
import { visible } from '@/shared/text/hostile';
import { sentence } from '@/shared/text/words';
import css from './Enrichment.module.css';

export function Table({
  caption,
  columns,
  children,
}: {
  caption: string;
  columns: readonly string[];
  children: ReactNode;
}) {
  return (
    // A table wider than the screen is scrolled by keyboard, too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css['scroll']} tabIndex={0} role="region" aria-label={caption}>
      <table className={css['table']}>
        <thead>
          <tr>
            {columns.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

// A text in a cell: cut where the column ends, whole on hover.
export function Short({ text, kind, mono = false }: { text: string; kind?: string; mono?: boolean }) {
  return (
    <span className={css['cell']} title={visible(text, 1000)}>
      <Hostile text={text} mono={mono} cap={160} {...(kind === undefined ? {} : { kind })} />
    </span>
  );
}

const kRestMs = 250;

// What is typed goes to the address once it rests.
export function Filter({ label, q, onQuery }: { label: string; q: string; onQuery: (q: string) => void }) {
  const [text, setText] = useState(q);
  const [seen, setSeen] = useState(q);
  if (seen !== q) {
    setSeen(q);
    if (q !== text.trim()) setText(q);
  }
  useEffect(() => {
    if (text.trim() === q) return undefined;
    const timer = window.setTimeout(() => {
      onQuery(text.trim());
    }, kRestMs);
    return () => {
      window.clearTimeout(timer);
    };
  }, [text, q, onQuery]);
  return (
    <input
      id="filter"
      className={`control ${css['filter']}`}
      type="search"
      aria-label={label}
      placeholder={label}
      spellCheck={false}
      maxLength={200}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

// j and k walk along the names of the rows; Enter is the link's own.
export function walk(by: number): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = links.findIndex((link) => link === document.activeElement);
  links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
}

export const walkActions = (what: string, empty: boolean) => [
  {
    id: 'next',
    title: `Next ${what}`,
    group: 'Move' as const,
    keys: ['j'],
    blocked: empty ? 'The list is empty.' : null,
    run: () => {
      walk(1);
    },
  },
  {
    id: 'previous',
    title: `Previous ${what}`,
    group: 'Move' as const,
    keys: ['k'],
    blocked: empty ? 'The list is empty.' : null,
    run: () => {
      walk(-1);
    },
  },
];

// For what cannot be brought back.
export function RemoveDialog({
  title,
  button,
  busy,
  error,
  onRemove,
  onClose,
  children,
}: {
  title: string;
  button: string;
  busy: boolean;
  error: Error | null;
  onRemove: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {error && <NotDone error={error} what="Not deleted." />}
      <DialogActions>
        <Button data-autofocus="" onClick={onClose}>
          Cancel
        </Button>
        <Button look="danger" disabled={busy} onClick={onRemove}>
          {button}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

// Not "could not be read": it was not saved.
export function NotDone({ error, what }: { error: Error; what: string }) {
  return (
    <Fault>
      {what} {spoken(error)}
    </Fault>
  );
}

function spoken(error: Error): string {
  const problem =
    'problem' in error ? (error.problem as { detail?: string; title?: string; hint?: string }) : {};
  const parts = [problem.detail ?? problem.title ?? error.message, problem.hint];
  return parts
    .map((part) => sentence(part ?? ''))
    .filter((part) => part !== '')
    .join(' ');
}
