// The query text is the only filter; chips and menus edit it, errors point into it.
import { useEffect, useId, useRef, useState } from 'react';
import {
  parse,
  removeTerm,
  severities,
  setTerm,
  type Field,
  type Query,
  type Term,
} from '@/shared/query/parse';
import type { Kind } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { plain } from '@/shared/text/words';
import { Icon } from '@/shared/ui/icons';
import css from './QueryBar.module.css';

interface Props {
  kind: Kind;
  q: string;
  onQuery: (q: string) => void;
  serverError: string | null;
}

export function QueryBar({ kind, q, onQuery, serverError }: Props) {
  const [draft, setDraft] = useState(q);
  const [known, setKnown] = useState(q);
  const input = useRef<HTMLInputElement>(null);
  const errorId = useId();
  if (known !== q) {
    setKnown(q);
    setDraft(q);
  }
  const parsed = parse(draft);
  useActions([
    {
      id: 'query',
      title: 'Edit the query',
      group: 'View',
      keys: ['/', 'q'],
      run: () => input.current?.select(),
    },
  ]);
  return (
    <div className={css['bar']}>
      <form
        role="search"
        className={css['form']}
        onSubmit={(event) => {
          event.preventDefault();
          onQuery(draft.trim());
          document.getElementById('queue-grid')?.focus();
        }}
      >
        <span className={css['field']}>
          <Underlines text={draft} query={parsed} />
          <input
            ref={input}
            type="text"
            value={draft}
            spellCheck={false}
            autoComplete="off"
            aria-label="Query, for example severity:>=medium status:open words"
            aria-invalid={parsed.errors.length > 0 || serverError !== null}
            aria-describedby={errorId}
            placeholder="severity:>=medium status:open words"
            onChange={(event) => {
              setDraft(event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              setDraft(q);
              document.getElementById('queue-grid')?.focus();
            }}
          />
        </span>
      </form>
      <p id={errorId} className={css['error']} role="status">
        {parsed.errors[0]?.message ?? serverError ?? ''}
      </p>
      <Chips kind={kind} q={q} onQuery={onQuery} />
    </div>
  );
}

// Wrong columns are underlined under the text; the text itself stays the input's.
function Underlines({ text, query }: { text: string; query: Query }) {
  if (query.errors.length === 0) return null;
  return (
    <span className={css['under']} aria-hidden>
      {query.errors.map((error, i) => (
        <span key={error.start}>
          {text.slice(query.errors[i - 1]?.end ?? 0, error.start)}
          <u>{text.slice(error.start, error.end)}</u>
        </span>
      ))}
    </span>
  );
}

function Chips({ kind, q, onQuery }: Omit<Props, 'serverError'>) {
  const { terms } = parse(q);
  return (
    <div className={css['chips']}>
      {terms.map((term) => (
        <span key={term.start} className={css['chip']}>
          {chipText(term)}
          <button
            type="button"
            aria-label={`Remove ${chipText(term)}`}
            onClick={() => {
              onQuery(removeTerm(q, term));
            }}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      <AddFilter kind={kind} q={q} onQuery={onQuery} />
    </div>
  );
}

function chipText(term: Term): string {
  if (!term.field) return `“${term.value}”`;
  const name = term.field === 'requires_review' ? 'needs review' : term.field;
  const value = term.value
    .split(',')
    .map((one) => one.replace(/_/g, ' '))
    .join(', ');
  return `${name} ${term.op === '>=' ? '≥' : ':'} ${value}`.replace(' : ', ': ');
}

type Choice = readonly [text: string, field: Field, value: string, op: Term['op']];

function choicesOf(kind: Kind): readonly Choice[] {
  const statuses =
    kind === 'alerts'
      ? ['open', 'new', 'in_progress', 'closed']
      : ['open', 'triaged', 'in_progress', 'closed'];
  return [
    ...severities
      .map((s): Choice => [
        `Severity ${s === 'critical' ? 'critical' : `${s} or above`}`,
        'severity',
        s,
        s === 'critical' ? '' : '>=',
      ])
      .reverse(),
    ...statuses.map((s): Choice => [`Status ${plain(s).toLowerCase()}`, 'status', s, '']),
    ['Owner me', 'assignee', 'me', ''],
    ['Owner none', 'assignee', 'none', ''],
    ['Needs review', 'requires_review', 'true', ''],
    ['Decided real attack', 'verdict', 'true_positive', ''],
    ['Decided real but allowed', 'verdict', 'benign_positive', ''],
    ['Decided false alarm', 'verdict', 'false_positive', ''],
    ['Undecided', 'verdict', 'undecided', ''],
  ];
}

function AddFilter({ kind, q, onQuery }: Omit<Props, 'serverError'>) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  return (
    // Escape closes the list from anywhere inside it.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={css['add']}
      ref={box}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <button
        type="button"
        className={css['addButton']}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        + Add filter
      </button>
      {open && (
        <ul className={css['menu']}>
          {choicesOf(kind).map(([text, field, value, op]) => (
            <li key={text}>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  onQuery(setTerm(q, field, value, op));
                }}
              >
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
