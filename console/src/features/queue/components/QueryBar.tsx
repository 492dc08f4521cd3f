// The query text is the only filter; chips and menus edit it, errors point into it, the server's fields complete it.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import {
  faultRange,
  faultText,
  languageQuery,
  mended,
  offersAt,
  useFault,
  type Fault,
} from '@/shared/query/language';
import { parse, removeTerm, setTerm, severities, type Term } from '@/shared/query/parse';
import type { Kind } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { plain } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Icon } from '@/shared/ui/icons';
import { Offered } from './Offered';
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
  const ids = { fault: useId(), list: useId() };
  const completion = useCompletion(kind, draft, input, setDraft);
  const fault = useFault(kind, draft);
  if (known !== q) {
    setKnown(q);
    setDraft(q);
  }
  useActions([
    {
      id: 'query',
      title: 'Edit the query',
      group: 'View',
      keys: ['/', 'q'],
      run: () => input.current?.select(),
    },
  ]);
  const refused = fault ? null : draft === q ? serverError : null;
  return (
    <div className={css['bar']}>
      <form
        role="search"
        className={css['form']}
        onSubmit={(event) => {
          event.preventDefault();
          completion.close();
          onQuery(draft.trim());
          document.getElementById('queue-grid')?.focus();
        }}
      >
        <span className={css['field']}>
          {fault && <Underline text={draft} fault={fault} />}
          <input
            ref={input}
            type="text"
            role="combobox"
            value={draft}
            spellCheck={false}
            autoComplete="off"
            aria-label="Query, for example severity>=medium status:open words"
            aria-invalid={fault !== null || refused !== null}
            aria-describedby={ids.fault}
            aria-expanded={completion.offers.items.length > 0}
            aria-controls={ids.list}
            aria-autocomplete="list"
            aria-activedescendant={completion.at >= 0 ? `${ids.list}-${completion.at}` : undefined}
            placeholder="severity>=medium status:open words"
            onChange={(event) => {
              setDraft(event.target.value);
              completion.read(event.target);
            }}
            onBlur={completion.close}
            onKeyDown={(event) => {
              if (completion.onKey(event) || event.key !== 'Escape') return;
              setDraft(q);
              document.getElementById('queue-grid')?.focus();
            }}
          />
          <Offered id={ids.list} offers={completion.offers} at={completion.at} onTake={completion.take} />
        </span>
      </form>
      <div className={css['below']}>
        <p id={ids.fault} className={css['error']} role="status">
          {fault ? faultText(fault) : (refused ?? '')}
        </p>
        {fault ? (
          <Mend text={draft} fault={fault} onMend={setDraft} />
        ) : (
          refused === null && <Chips kind={kind} q={q} onQuery={onQuery} />
        )}
      </div>
    </div>
  );
}

// What may stand at the caret; the arrow keys choose, Enter takes, Escape puts it away.
function useCompletion(
  kind: Kind,
  draft: string,
  input: React.RefObject<HTMLInputElement | null>,
  setDraft: (text: string) => void,
) {
  const fields = useQuery(languageQuery).data?.[kind] ?? [];
  const [caret, setCaret] = useState(-1); // -1: nothing is offered
  const [at, setAt] = useState(-1);
  const offers = offersAt(draft, Math.max(0, caret), caret < 0 ? [] : fields);
  const close = () => {
    setCaret(-1);
    setAt(-1);
  };
  const read = (element: HTMLInputElement) => {
    setCaret(element.selectionStart ?? element.value.length);
    setAt(-1);
  };
  const take = (place: number) => {
    const offer = offers.items[place];
    if (!offer) return;
    const end = offers.from + offer.insert.length;
    // At once, and not a frame later: a fast typist's next letter belongs behind what was inserted.
    flushSync(() => {
      setDraft(draft.slice(0, offers.from) + offer.insert + draft.slice(caret));
      setCaret(end);
      setAt(-1);
    });
    input.current?.setSelectionRange(end, end);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const many = offers.items.length;
    if (many === 0) return false;
    if (event.key === 'ArrowDown') setAt((at + 1) % many);
    else if (event.key === 'ArrowUp') setAt(at <= 0 ? many - 1 : at - 1);
    else if (event.key === 'Enter' && at >= 0) take(at);
    else if (event.key === 'Escape') close();
    else return false;
    event.preventDefault();
    return true;
  };
  return { offers, at, read, close, take, onKey };
}

// The wrong word is underlined under the text; the text itself stays the input's.
function Underline({ text, fault }: { text: string; fault: Fault }) {
  const [start, end] = faultRange(text, fault);
  return (
    <span className={css['under']} aria-hidden>
      {text.slice(0, start)}
      <u>{text.slice(start, end)}</u>
    </span>
  );
}

function Mend({ text, fault, onMend }: { text: string; fault: Fault; onMend: (text: string) => void }) {
  const better = mended(text, fault);
  if (!better) return null;
  return (
    <Button
      onClick={() => {
        onMend(better.text);
      }}
    >
      Use {better.word}
    </Button>
  );
}

type ChipProps = Pick<Props, 'kind' | 'q' | 'onQuery'>;

function Chips({ kind, q, onQuery }: ChipProps) {
  const { terms } = parse(q);
  return (
    <div className={css['chips']}>
      {terms.map((term) => (
        <span key={term.start} className={css['chip']}>
          <Hostile text={chipText(term)} cap={80} />
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

const signs: Record<string, string> = { '>=': ' ≥ ', '<=': ' ≤ ', '>': ' > ', '<': ' < ', '!=': ' not ' };

function chipText(term: Term): string {
  const not = term.negated ? 'not ' : '';
  if (!term.field) return term.plain ? `“${term.value}”` : term.value;
  const name = term.field === 'requires_review' ? 'needs review' : term.field.replace(/_/g, ' ');
  const value = term.value
    .split(',')
    .map((one) => one.replace(/_/g, ' '))
    .join(', ');
  return `${not}${name}${signs[term.op] ?? ': '}${value}`;
}

type Choice = readonly [text: string, field: string, value: string, op: string];

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
        s === 'critical' ? ':' : '>=',
      ])
      .reverse(),
    ...statuses.map((s): Choice => [`Status ${plain(s).toLowerCase()}`, 'status', s, ':']),
    ['Owner me', 'assignee', 'me', ':'],
    ['Owner none', 'assignee', 'none', ':'],
    ['Needs review', 'requires_review', 'true', ':'],
    ['Decided real attack', 'verdict', 'true_positive', ':'],
    ['Decided real but allowed', 'verdict', 'benign_positive', ':'],
    ['Decided false alarm', 'verdict', 'false_positive', ':'],
    ['Undecided', 'verdict', 'undecided', ':'],
  ];
}

function AddFilter({ kind, q, onQuery }: ChipProps) {
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
