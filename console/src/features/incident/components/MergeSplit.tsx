// Both show what will come of it before anything is saved.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError } from '@/shared/api/http';
import { itemQuery } from '@/shared/api/items';
import { shortId, type Incident } from '@/shared/api/wire';
import { count } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Hostile } from '@/shared/ui/Hostile';
import { SeverityMark } from '@/shared/ui/Severity';
import { toast } from '@/shared/ui/toasts';
import { useMerge, useSplit } from '../api/incident';
import css from './MergeSplit.module.css';

export function MergeDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [text, setText] = useState('');
  const other = text.trim().toUpperCase();
  const usable = /^IN-[0-9A-Z]+$/.test(other) && other !== incident.id;
  const found = useQuery({ ...itemQuery('incidents', other), enabled: usable });
  const merge = useMerge(incident.id);
  const target = usable ? found.data?.body : undefined;
  return (
    <Dialog title={`Merge into ${shortId(incident.id)}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!target) return;
          merge.mutate(
            { incident_ids: [target.id] },
            {
              onSuccess: () => {
                toast({ text: `${shortId(target.id)} is now part of ${shortId(incident.id)}.` });
                onClose();
              },
            },
          );
        }}
      >
        <label className={css['field']}>
          <span>Id of the incident to take in</span>
          <input
            type="text"
            data-autofocus=""
            className="mono"
            spellCheck={false}
            placeholder="IN-…"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
        </label>
        <div className={css['preview']} role="status">
          {other === incident.id && <p>This is the incident itself.</p>}
          {usable && found.isError && <p>{other} is not here, or not yours to see.</p>}
          {target && <Preview incident={incident} other={target} />}
        </div>
        {merge.isError && <Failed error={merge.error} what="Not merged." />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={!target || merge.isPending}>
            {target ? `Merge ${shortId(target.id)} into ${shortId(incident.id)}` : 'Merge incident'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function Preview({ incident, other }: { incident: Incident; other: Incident }) {
  return (
    <>
      <p>
        <SeverityMark severity={other.severity} /> <Hostile text={other.title} />
      </p>
      <p className="secondary">
        {shortId(incident.id)} will hold {count(incident.alert_count + other.alert_count, 'alert')}:{' '}
        {incident.alert_count} of its own and {other.alert_count} of {shortId(other.id)}. {shortId(other.id)}{' '}
        stays as an address that leads here. A later rebuild keeps this decision.
      </p>
    </>
  );
}

interface SplitProps {
  incident: Incident;
  alertIds: readonly string[];
  onClose: () => void;
  onDone: () => void;
}

export function SplitDialog({ incident, alertIds, onClose, onDone }: SplitProps) {
  const split = useSplit(incident.id);
  const navigate = useNavigate();
  const left = incident.alert_count - alertIds.length;
  return (
    <Dialog title={`Split ${count(alertIds.length, 'alert')} off ${shortId(incident.id)}`} onClose={onClose}>
      <p>
        A new incident takes {count(alertIds.length, 'alert')}. {shortId(incident.id)} keeps{' '}
        {count(left, 'alert')}. A later rebuild does not join them again.
      </p>
      {left === 0 && (
        <p className={css['warn']}>Nothing would stay in {shortId(incident.id)}. Leave at least one alert.</p>
      )}
      {split.isError && <Failed error={split.error} what="Not split." />}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={left === 0 || split.isPending}
          onClick={() => {
            split.mutate(
              { alert_ids: [...alertIds] },
              {
                onSuccess: (made) => {
                  onDone();
                  toast({ text: `${shortId(made.id)} was made of ${count(alertIds.length, 'alert')}.` });
                  void navigate(`/incidents/${made.id}/alerts`);
                },
              },
            );
          }}
        >
          Split {count(alertIds.length, 'alert')} off
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Failed({ error, what }: { error: unknown; what: string }) {
  const text =
    error instanceof ApiError
      ? `${error.problem.detail ?? error.problem.title ?? ''} ${error.problem.hint ?? ''}`
      : String(error);
  return (
    <p className={css['warn']} role="alert">
      {what} {text}
    </p>
  );
}
