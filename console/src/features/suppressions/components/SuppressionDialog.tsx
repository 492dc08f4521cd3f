// A suppression that is set or edited: first what it would have hidden, what it never hides and what was real.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { ApiError, faultsOf, faultText } from '@/shared/api/http';
import { shortId, type Suppression, type SuppressionPreview } from '@/shared/api/wire';
import { count, sentence, total } from '@/shared/text/words';
import { visible } from '@/shared/text/hostile';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Fault, Field, TextField } from '@/shared/ui/Field';
import { Form } from '@/shared/ui/Form';
import { toast } from '@/shared/ui/toasts';
import {
  add,
  alertsFound,
  change,
  dayIn,
  decidedText,
  hiddenText,
  inputOf,
  narrowed,
  preview,
  toDraft,
  watchable,
  type Draft,
} from '../suppressions';
import css from './Suppressions.module.css';

interface Props {
  stored: Suppression | null; // null: a new one
  etag: string | null;
  start?: { q: string; name: string };
  onClose: () => void;
  onDone?: (id: string) => void;
}

const fresh = (start: Props['start']): Draft => ({
  name: start?.name ?? '',
  reason: '',
  q: start?.q ?? '',
  watch: watchable.map(([kind]) => kind),
  until: dayIn(30, Date.now()),
});

function useSave({ stored, etag, onClose, onDone }: Props) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, accept }: { draft: Draft; accept: boolean }) => {
      const input = inputOf(draft, stored, accept);
      return stored ? change(stored.id, input, etag) : add(input);
    },
    onSuccess: async (one) => {
      toast({
        text: stored
          ? `Saved ${visible(one.name, 80)}.`
          : `${visible(one.name, 80)} hides from the next alert on.`,
      });
      onClose();
      await client.invalidateQueries({ queryKey: ['suppressions'] });
      onDone?.(one.id);
    },
  });
}

export function SuppressionDialog(props: Props) {
  const { stored, start, onClose } = props;
  const [draft, setDraft] = useState<Draft>(() => (stored ? toDraft(stored) : fresh(start)));
  const save = useSave(props);
  const look = useMutation({ mutationFn: () => preview(draft.q, draft.watch) });
  const faults = faultsOf(save.error ?? look.error);
  const set = (edit: Partial<Draft>) => {
    setDraft({ ...draft, ...edit });
    if (edit.q !== undefined || edit.watch !== undefined) look.reset();
    save.reset();
  };
  const refused = save.error instanceof ApiError && save.error.status === 409;
  const missed = look.data?.missed ?? 0;
  const accept = missed > 0 || refused;
  const act = stored ? 'Save' : 'Suppress';
  const other = save.error ?? look.error;
  return (
    <Dialog title={stored ? 'Edit the suppression' : 'Suppress alerts'} onClose={onClose} wide>
      <Form
        busy={save.isPending}
        fault={other && faults.size === 0 ? faultText(other) : ''}
        noValidate
        onSubmit={() => save.mutate({ draft, accept })}
        acts={
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button disabled={look.isPending} onClick={() => look.mutate()}>
              What would it have hidden?
            </Button>
            <Button look={accept ? 'danger' : 'primary'} type="submit" disabled={save.isPending}>
              {missed > 0
                ? `${act}, hiding ${total(missed)} that were real`
                : refused
                  ? `${act} all the same`
                  : act}
            </Button>
          </DialogActions>
        }
      >
        <TextField
          label="Name"
          name="name"
          value={draft.name}
          onText={(name) => set({ name })}
          first
          fault={faults.get('name')}
          maxLength={100}
        />
        <Field
          label="Hide alerts that this search finds"
          name="q"
          help="In the query language, as in the queue; neither every alert nor by age"
          fault={faults.get('q')}
        >
          <textarea
            name="q"
            className="mono"
            rows={2}
            spellCheck={false}
            value={draft.q}
            aria-describedby="q-about"
            aria-invalid={faults.has('q')}
            onChange={(event) => set({ q: event.target.value })}
          />
        </Field>
        <TextField
          label="Reason"
          name="reason"
          value={draft.reason}
          onText={(reason) => set({ reason })}
          help="Why these alerts need nobody"
          fault={faults.get('reason')}
          maxLength={1000}
        />
        <TextField
          label="Until the end of (UTC)"
          name="until"
          type="date"
          value={draft.until}
          onText={(until) => set({ until })}
          help="At most 365 days away"
          fault={faults.get('expires_at')}
        />
        <Watch draft={draft} fault={faults.get('watch')} onEdit={set} />
        <div role="status">
          {look.isPending && <p className="secondary">Reading the alerts of the last 30 days</p>}
          {look.data && !look.isPending && <Preview found={look.data} />}
        </div>
      </Form>
    </Dialog>
  );
}

interface WatchProps {
  draft: Draft;
  fault: string | undefined;
  onEdit: (edit: Partial<Draft>) => void;
}

function Watch({ draft, fault, onEdit }: WatchProps) {
  return (
    <fieldset className={css['watch']}>
      <legend>Stops by itself at a jump in volume, and at one it never hid before</legend>
      {watchable.map(([kind, word]) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={draft.watch.includes(kind)}
            onChange={(event) =>
              onEdit({
                watch: event.target.checked
                  ? [...draft.watch, kind]
                  : draft.watch.filter((one) => one !== kind),
              })
            }
          />{' '}
          {word}
        </label>
      ))}
      <Fault>{fault ? sentence(fault) : ''}</Fault>
    </fieldset>
  );
}

// In the order of the server, which counts each alert for the first reason that holds.
const guarded = [
  ['critical', 'critical', 'severity:critical'],
  ['crown_jewel', 'on crown jewels', 'asset_tier:crown_jewel -severity:critical'],
  ['requires_review', 'to review', 'requires_review:true -severity:critical -asset_tier:crown_jewel'],
] as const;

function Preview({ found }: { found: SuppressionPreview }) {
  const never = guarded.filter(([name]) => found.never_hidden[name] > 0);
  return (
    <div className={css['preview']}>
      {found.missed > 0 && (
        <div className={css['review']}>
          <h3>
            {count(found.missed, 'alert')} that people called real in the last {found.missed_days} days
          </h3>
          <p className={css['ids']}>
            {found.real.map((id) => (
              <Link key={id} to={`/alerts/${encodeURIComponent(id)}`}>
                {shortId(id)}
              </Link>
            ))}
          </p>
        </div>
      )}
      <p>
        <b>{hiddenText(found)}</b> <Link to={alertsFound(found.q)}>What the search finds</Link>
      </p>
      {found.would_have_hidden.alerts > 0 && (
        <p>
          {decidedText(found)} It would know {total(found.entities)} users, hosts and addresses.
        </p>
      )}
      {never.length > 0 && (
        <p>
          Never hidden:{' '}
          {never.map(([name, word, more], i) => (
            <span key={name}>
              {i > 0 && ', '}
              <Link to={alertsFound(narrowed(found.q, more))}>
                {total(found.never_hidden[name])} {word}
              </Link>
            </span>
          ))}
          .
        </p>
      )}
    </div>
  );
}
