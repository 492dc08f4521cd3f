// One change to everything that matches. What came after the list was read is left alone, and the button names the
// number. The server's answer does not say what each was before, so there is no undo: the dialog says so, and the
// button never has the focus at first.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { shortId, type BulkResult, type Kind, type Verdict } from '@/shared/api/wire';
import { closeReasons, storedReason, type CloseReason } from '@/shared/decide/reasons';
import { upTo } from '@/shared/query/parse';
import { count, total, verdictWords } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Hostile } from '@/shared/ui/Hostile';
import { Loading, ProblemView } from '@/shared/ui/states';
import { trialQuery, useBulk, type BulkBody } from '../api/bulk';
import css from './QueuePage.module.css';

interface Act {
  key: string;
  title: string; // in the menu
  verb: (rows: string) => string; // on the button
  body: BulkBody;
  reason?: CloseReason;
}

const acts: readonly Act[] = [
  {
    key: 'take',
    title: 'Assign to me',
    verb: (rows) => `Assign ${rows} to me`,
    body: { assignee: 'me' },
  },
  { key: 'leave', title: 'Unassign', verb: (rows) => `Unassign ${rows}`, body: { assignee: null } },
  {
    key: 'work',
    title: 'Status in progress',
    verb: (rows) => `Set ${rows} in progress`,
    body: { status: 'in_progress' },
  },
  ...closeReasons
    .filter((reason) => reason.code !== 'duplicate')
    .map((reason): Act => ({
      key: reason.code,
      title: `Close as ${reason.text.toLowerCase()}`,
      verb: (rows) => `Close ${rows} as ${reason.text.toLowerCase()}`,
      body: { status: 'closed', verdict: reason.verdict },
      reason,
    })),
  ...(Object.entries(verdictWords) as [Verdict, string][]).map(([verdict, word]): Act => ({
    key: verdict,
    title: `Verdict ${word.toLowerCase()}`,
    verb: (rows) => `Set verdict of ${rows} to ${word.toLowerCase()}`,
    body: { verdict },
  })),
];

interface Props {
  kind: Kind;
  q: string;
  asOf: string; // when the list was read
  listed: number | string; // what it holds
  onClose: () => void;
  onDone: () => void;
}

export function BulkDialog({ kind, q, asOf, listed, onClose, onDone }: Props) {
  const [query] = useState(() => upTo(kind, q, asOf));
  const bulk = useBulk(kind, query);
  const leave = () => {
    if (bulk.data) onDone();
    onClose();
  };
  return (
    <Dialog title={`Change all ${kind} that match`} onClose={leave}>
      {bulk.data ? (
        <Result noun={nouns[kind]} result={bulk.data} onClose={leave} />
      ) : (
        <Choose
          kind={kind}
          q={q}
          query={query}
          listed={listed}
          busy={bulk.isPending}
          error={bulk.error}
          onRun={bulk.mutate}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

const nouns: Record<Kind, string> = { alerts: 'alert', incidents: 'incident' };

interface ChooseProps {
  kind: Kind;
  q: string;
  listed: number | string;
  query: string;
  busy: boolean;
  error: Error | null;
  onRun: (body: BulkBody) => void;
  onClose: () => void;
}

function Choose({ kind, q, listed, query, busy, error, onRun, onClose }: ChooseProps) {
  const [act, setAct] = useState<Act>(acts[0] as Act);
  const [note, setNote] = useState('');
  const trial = useQuery(trialQuery(kind, query));
  const noteNeeded = act.reason?.verdict === 'false_positive' || act.reason?.verdict === 'benign_positive';
  const matched = trial.data?.matched;
  const blocked = !matched || busy || (noteNeeded && note.trim() === '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) onRun(bodyOf(act, note));
      }}
    >
      <p>
        Query: <code>{q === '' ? 'everything' : <Hostile text={q} cap={300} />}</code>
      </p>
      <div className={css['trial']} role="status">
        {trial.error && (
          <ProblemView error={trial.error} what="How many match" onRetry={() => void trial.refetch()} />
        )}
        {!trial.data && !trial.error && <Loading lines={1} what="how many match" />}
        {matched !== undefined && (
          <p>
            <b>{count(matched, nouns[kind])}</b> {matched === 1 ? 'matches' : 'match'}
            {matched !== listed && `, where the list had ${total(listed)} when it was read`}. What came after
            the list was read is left alone.
          </p>
        )}
      </div>
      <label className={css['saveField']}>
        <span>Change</span>
        <select
          data-autofocus=""
          value={act.key}
          onChange={(event) => {
            setAct(acts.find((one) => one.key === event.target.value) ?? act);
          }}
        >
          {acts.map((one) => (
            <option key={one.key} value={one.key}>
              {one.title}
            </option>
          ))}
        </select>
      </label>
      {act.reason && (
        <label className={css['saveField']}>
          <span>Note{noteNeeded ? ' (needed)' : ''}</span>
          <textarea
            rows={2}
            maxLength={1900}
            value={note}
            onChange={(event) => {
              setNote(event.target.value);
            }}
          />
        </label>
      )}
      {error && <ProblemView error={error} what="The change" />}
      <p className="secondary">
        {kind === 'alerts' ? 'It is made in one go' : 'They are changed one by one'}. This cannot be undone
        with u.
      </p>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={blocked}>
          {act.verb(count(matched ?? 0, nouns[kind]))}
        </Button>
      </DialogActions>
    </form>
  );
}

function bodyOf({ body, reason }: Act, note: string): BulkBody {
  return reason ? { ...body, close_reason: storedReason(reason, '', note) } : body;
}

const kFailedShown = 20;

function Result({ noun, result, onClose }: { noun: string; result: BulkResult; onClose: () => void }) {
  const { matched, changed, failed } = result;
  return (
    <>
      <p role="status">
        Changed <b>{total(changed)}</b> of {count(matched, noun)}
        {failed.length > 0 ? `; ${failed.length} refused:` : '.'}
      </p>
      <ul className={css['failed']}>
        {failed.slice(0, kFailedShown).map(({ id, reason }) => (
          <li key={id}>
            <span className="mono">{shortId(id)}</span>: <Hostile text={reason} cap={200} />
          </li>
        ))}
      </ul>
      {failed.length > kFailedShown && <p className="muted">and {failed.length - kFailedShown} more</p>}
      <DialogActions>
        <Button look="primary" data-autofocus="" onClick={onClose}>
          Show the list anew
        </Button>
      </DialogActions>
    </>
  );
}
