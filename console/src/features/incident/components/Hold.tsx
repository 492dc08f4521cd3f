// A legal hold: who asked for it and why; while it stands, retention deletes nothing of the incident.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { itemQuery } from '@/shared/api/items';
import { query, reasonOf, send } from '@/shared/api/http';
import type { Incident } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Button, Facts } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Field } from '@/shared/ui/Field';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';

export function Hold({ incident }: { incident: Incident }) {
  const [open, setOpen] = useState(false);
  const show = () => {
    setOpen(true);
  };
  useActions([
    {
      id: 'hold',
      title: incident.hold ? 'Legal hold…' : 'Put under legal hold…',
      group: 'Work',
      keys: ['Shift+l'],
      run: show,
    },
  ]);
  return (
    <>
      {incident.hold && (
        <Button onClick={show} title="Retention deletes nothing of this incident (Shift L)">
          Legal hold
        </Button>
      )}
      {open && (
        <HoldDialog
          incident={incident}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function useHold(incident: Incident, onDone: () => void) {
  const client = useQueryClient();
  const path = `/api/v1/incidents/${encodeURIComponent(incident.id)}/hold`;
  return useMutation({
    mutationFn: ({ hold, reason }: { hold: boolean; reason: string }) =>
      hold
        ? send(path, { method: 'PUT', json: { reason } })
        : send(path + query({ reason }), { method: 'DELETE' }),
    onSuccess: (_, { hold }) => {
      toast({
        text: hold ? 'Under legal hold: nothing of it will be deleted.' : 'The legal hold has ended.',
      });
      onDone();
    },
    onError: (problem) => {
      toast({ text: `The hold is as it was: ${reasonOf(problem)}` });
    },
    onSettled: () => client.invalidateQueries({ queryKey: itemQuery('incidents', incident.id).queryKey }),
  });
}

function HoldDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const change = useHold(incident, onClose);
  const { hold } = incident;
  return (
    <Dialog title="Legal hold" onClose={onClose}>
      {hold ? (
        <Facts
          rows={[
            ['Reason', <Hostile key="r" text={hold.reason} cap={2000} />],
            ['Set by', <Hostile key="b" text={hold.set_by} cap={200} />],
            ['Since', <Moment key="s" at={hold.set_at} />],
          ]}
        />
      ) : (
        <p>While it stands, retention deletes neither the incident nor its alerts, however old they are.</p>
      )}
      <Field
        label={hold ? 'Why it ends' : 'Reason'}
        name="hold-reason"
        help="The case or the request, at most 2,000 characters. It is in the audit."
      >
        <input
          data-autofocus
          aria-describedby="hold-reason-about"
          value={reason}
          maxLength={2000}
          onChange={(event) => {
            setReason(event.target.value);
          }}
        />
      </Field>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look={hold ? 'danger' : 'primary'}
          disabled={change.isPending || reason.trim() === ''}
          onClick={() => {
            change.mutate({ hold: !hold, reason: reason.trim() });
          }}
        >
          {hold ? 'End legal hold' : 'Put under legal hold'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
