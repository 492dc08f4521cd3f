// Closing, judging and taking: the dialogs and the acts, equal on every screen and for one or many.
import { useState, type ReactNode } from 'react';
import { useActions, type Action } from '@/shared/keys/registry';
import { post } from '@/shared/api/http';
import { kindOf, shortId, type Item, type Verdict } from '@/shared/api/wire';
import { me } from '@/shared/session';
import { count, verdictWords } from '@/shared/text/words';
import { Button, Kbd } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { useApply, type Guard } from './apply';
import { closeReasons, groups, needsNote, preselected, storedReason, type CloseReason } from './reasons';
import css from './Decide.module.css';

export interface Decisions {
  dialogs: ReactNode;
  actions: readonly Action[];
  close: () => void;
  judge: () => void;
  take: () => void;
}

// `items`: what the acts are about now; `onClosed` runs after a close, to move on.
export function useDecisions(items: readonly Item[], onClosed?: () => void, guard?: Guard): Decisions {
  const [open, setOpen] = useState<'close' | 'verdict' | null>(null);
  const apply = useApply(guard);
  const blocked = items.length === 0 ? 'Nothing is selected or in focus.' : null;
  const name = nameOf(items);
  const close = () => {
    if (!blocked) setOpen('close');
  };
  const judge = () => {
    if (!blocked) setOpen('verdict');
  };
  const take = () => {
    if (!blocked) void apply(items, { assignee: 'me' }, `${name} assigned to ${me.label}.`);
  };
  const actions: readonly Action[] = [
    {
      id: 'close',
      title: `Close ${name}…`,
      group: 'Decide',
      keys: ['e'],
      needs: 'alerts.decide',
      blocked,
      run: close,
    },
    {
      id: 'verdict',
      title: `Set verdict of ${name}…`,
      group: 'Decide',
      keys: ['v'],
      needs: 'alerts.decide',
      blocked,
      run: judge,
    },
    {
      id: 'assign',
      title: `Assign ${name} to me`,
      group: 'Decide',
      keys: ['a', 'i'],
      needs: 'alerts.triage',
      blocked,
      run: take,
    },
  ];
  useActions(actions);
  const dismiss = () => {
    setOpen(null);
  };
  const dialogs = (
    <>
      {open === 'close' && (
        <CloseDialog
          items={items}
          name={name}
          onClose={dismiss}
          onDecided={(reason, other, note) => {
            dismiss();
            const body = {
              status: 'closed',
              verdict: reason.verdict,
              close_reason: storedReason(reason, other, note),
            };
            void apply(items, body, `Closed ${name} as ${reason.text.toLowerCase()}.`).then((outcome) => {
              if (outcome.done.length > 0) onClosed?.();
            });
            for (const item of note.trim() === '' ? [] : items)
              if (kindOf(item.id) === 'incidents')
                void post(`/api/v1/incidents/${encodeURIComponent(item.id)}/notes`, { text: note.trim() });
          }}
        />
      )}
      {open === 'verdict' && (
        <VerdictDialog
          name={name}
          onClose={dismiss}
          onDecided={(verdict) => {
            dismiss();
            void apply(items, { verdict }, `Verdict of ${name}: ${verdictWords[verdict].toLowerCase()}.`);
          }}
        />
      )}
    </>
  );
  return { dialogs, actions, close, judge, take };
}

function nameOf(items: readonly Item[]): string {
  const [first] = items;
  if (!first) return 'selection';
  if (items.length === 1) return shortId(first.id);
  return count(items.length, kindOf(first.id) === 'alerts' ? 'alert' : 'incident');
}

interface CloseProps {
  items: readonly Item[];
  name: string;
  onClose: () => void;
  onDecided: (reason: CloseReason, other: string, note: string) => void;
}

function CloseDialog({ items, name, onClose, onDecided }: CloseProps) {
  const [reason, setReason] = useState(() => preselected(items));
  const [note, setNote] = useState('');
  const [other, setOther] = useState('');
  const [tried, setTried] = useState(false);
  const severities = items.map((item) => item.severity);
  const missing = missingText(reason, needsNote(severities, reason), note, other);
  const noun = items.length > 1 ? name : kindOf(items[0]?.id ?? '') === 'alerts' ? 'alert' : 'incident';
  const submit = () => {
    setTried(true);
    if (missing === null) onDecided(reason, other, note);
  };
  return (
    <Dialog title={`Close ${name}`} onClose={onClose} wide>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <ReasonGrid
          chosen={reason}
          onChoose={(next) => {
            setReason(next);
          }}
          onEnter={submit}
          other={other}
          onOther={setOther}
        />
        <label className={css['field']}>
          <span>Note{needsNote(severities, reason) ? ' (needed)' : ''}</span>
          <textarea
            rows={2}
            value={note}
            maxLength={1900}
            onChange={(event) => {
              setNote(event.target.value);
            }}
          />
        </label>
        {tried && missing !== null && (
          <p className={css['missing']} role="alert">
            {missing}
          </p>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            Close {noun}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function missingText(reason: CloseReason, noteNeeded: boolean, note: string, other: string): string | null {
  if (reason.code === 'duplicate' && !kindOf(other.trim()))
    return 'Say which one it duplicates: an id such as IN-… or AL-….';
  if (noteNeeded && note.trim() === '')
    return `A note is needed to close high and critical ones as ${reason.text.toLowerCase()}.`;
  return null;
}

interface GridProps {
  chosen: CloseReason;
  onChoose: (reason: CloseReason) => void;
  onEnter: () => void;
  other: string;
  onOther: (id: string) => void;
}

function ReasonGrid({ chosen, onChoose, onEnter, other, onOther }: GridProps) {
  return (
    // Number keys choose; the radio buttons inside are the real controls.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <fieldset
      className={css['reasons']}
      onKeyDown={(event) => {
        if (event.target instanceof HTMLInputElement && event.target.type === 'text') return;
        const reason = closeReasons.find((one) => one.key === event.key.toLowerCase());
        if (reason) onChoose(reason);
        else if (event.key === 'Enter') onEnter();
        else return;
        event.preventDefault();
      }}
    >
      <legend className="sr-only">Reason</legend>
      {groups.map(([title, verdict]) => (
        <div key={title} className={css['group']}>
          <span className={css['groupTitle']}>{title}</span>
          <div className={css['options']}>
            {closeReasons
              .filter((reason) => reason.verdict === verdict)
              .map((reason) => (
                <label key={reason.code} className={css['option']}>
                  <input
                    type="radio"
                    name="reason"
                    checked={chosen.code === reason.code}
                    // The dialog opens on the suggested reason, so that Enter closes.
                    data-autofocus={chosen.code === reason.code ? '' : undefined}
                    onChange={() => {
                      onChoose(reason);
                    }}
                  />
                  <Kbd>{reason.key}</Kbd> {reason.text}
                </label>
              ))}
            {verdict === 'undecided' && chosen.code === 'duplicate' && (
              <input
                type="text"
                aria-label="Id of the one it duplicates"
                className={css['other']}
                value={other}
                onChange={(event) => {
                  onOther(event.target.value);
                }}
              />
            )}
          </div>
        </div>
      ))}
    </fieldset>
  );
}

const verdicts: readonly [string, Verdict][] = [
  ['1', 'true_positive'],
  ['2', 'benign_positive'],
  ['3', 'false_positive'],
  ['4', 'undecided'],
];

function VerdictDialog({
  name,
  onClose,
  onDecided,
}: {
  name: string;
  onClose: () => void;
  onDecided: (v: Verdict) => void;
}) {
  return (
    <Dialog
      title={`Verdict of ${name}`}
      onClose={onClose}
      onKey={(event) => {
        const known = verdicts.find(([key]) => key === event.key);
        if (!known) return;
        event.preventDefault();
        onDecided(known[1]);
      }}
    >
      <div className={css['verdicts']}>
        {verdicts.map(([key, verdict]) => (
          <Button
            key={verdict}
            keys={key}
            onClick={() => {
              onDecided(verdict);
            }}
          >
            {verdictWords[verdict]}
          </Button>
        ))}
      </div>
      <p className="muted">The status stays as it is. Undo with u within 10 s.</p>
    </Dialog>
  );
}
