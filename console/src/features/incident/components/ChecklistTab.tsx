// What the server could check itself, with its reason; what only a person can say, with who and when.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/shared/api/http';
import type { Checklist } from '@/shared/api/wire';
import { Evidence } from '@/shared/facts/Facts';
import { may, personText } from '@/shared/session';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Icon, type IconName } from '@/shared/ui/icons';
import { Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { checklistQuery, useTick } from '../api/incident';
import css from './Checklist.module.css';

type Auto = Checklist['automatic'][number];
type Manual = Checklist['manual'][number];
type Open = (alert: string, pointer: string) => void;

export function ChecklistTab({ id, onEvidence }: { id: string; onEvidence: Open }) {
  const { data, error, refetch } = useQuery(checklistQuery(id));
  if (error && !data)
    return <ProblemView error={error} what="The checklist" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={12} what="the checklist" />;
  return (
    <div className={css['columns']}>
      <p className={css['sum']}>
        {data.done} of {data.total} done. The checks read what is stored now; they are worked out again
        whenever this is opened.
      </p>
      <section aria-label="Checked automatically">
        <h3 className={css['title']}>Checked automatically</h3>
        <ul>
          {data.automatic.map((check) => (
            <Check key={check.id} check={check} onEvidence={onEvidence} />
          ))}
        </ul>
      </section>
      <section aria-label="For a person to tick">
        <h3 className={css['title']}>For a person to tick</h3>
        <ul>
          {data.manual.map((step) => (
            <Step key={step.id} id={id} step={step} />
          ))}
        </ul>
      </section>
    </div>
  );
}

const states: Record<Auto['state'], readonly [IconName, string]> = {
  passed: ['check', 'Passed'],
  attention: ['alert', 'Needs attention'],
  failed: ['close', 'Failed'],
};

function Check({ check, onEvidence }: { check: Auto; onEvidence: Open }) {
  const [icon, word] = states[check.state];
  return (
    <li className={css['line']}>
      <span className={css[check.state]}>
        <Icon name={icon} />
      </span>
      <div>
        <p>
          <b>{check.title}</b> <span className={css[check.state]}>{word}</span>
        </p>
        <p className="secondary">
          <Hostile text={check.reason} cap={600} />{' '}
          <Evidence evidence={check.evidence} onOpen={onEvidence} most={4} />
        </p>
      </div>
    </li>
  );
}

function Step({ id, step }: { id: string; step: Manual }) {
  const tick = useTick(id);
  const [note, setNote] = useState<string | null>(null);
  const send = (done: boolean, text?: string) => {
    tick.mutate(
      { step: step.id, done, ...(text ? { note: text } : {}) },
      {
        onSuccess: () => {
          setNote(null);
        },
        onError: (problem) => {
          toast({ text: `Not kept. ${problem instanceof ApiError ? problem.message : String(problem)}` });
        },
      },
    );
  };
  return (
    <li className={css['line']}>
      <input
        type="checkbox"
        id={`step-${step.id}`}
        aria-describedby={`hint-${step.id}`}
        checked={step.done}
        disabled={tick.isPending || !may('alerts.triage')}
        onChange={(event) => {
          send(event.target.checked);
        }}
      />
      <div>
        <p>
          <label htmlFor={`step-${step.id}`}>
            <b>{step.title}</b>
          </label>{' '}
          {step.at && (
            <span className="secondary">
              {step.done ? 'ticked' : 'tick taken back'} by{' '}
              <Hostile text={personText(step.by ?? '')} cap={60} />, <Moment at={step.at} />
            </span>
          )}
        </p>
        <p id={`hint-${step.id}`} className="secondary">
          {step.hint}
        </p>
        {step.note && (
          <p className={css['note']}>
            <Hostile text={step.note} cap={2000} />
          </p>
        )}
        {note === null ? (
          <Button
            needs="alerts.triage"
            look="ghost"
            className={css['ghost']}
            aria-label={`${step.note ? 'Change note' : 'Tick with a note'}: ${step.title}`}
            onClick={() => {
              setNote(step.note ?? '');
            }}
          >
            {step.note ? 'Change note' : 'Tick with a note'}
          </Button>
        ) : (
          <form
            className={css['form']}
            onSubmit={(event) => {
              event.preventDefault();
              send(true, note.trim());
            }}
          >
            <input
              type="text"
              aria-label={`Note on ${step.title}`}
              maxLength={2000}
              // The person has just asked for this field.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              value={note}
              onChange={(event) => {
                setNote(event.target.value);
              }}
            />
            <Button type="submit" disabled={note.trim() === '' || tick.isPending}>
              Tick {step.title.toLowerCase()}
            </Button>
            <Button
              look="ghost"
              onClick={() => {
                setNote(null);
              }}
            >
              Cancel
            </Button>
          </form>
        )}
      </div>
    </li>
  );
}
