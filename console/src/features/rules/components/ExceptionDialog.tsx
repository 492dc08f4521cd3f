// A new exception: of which rule, of which values, why, whose, until when; and what it would have hidden.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultsOf, faultText } from '@/shared/api/http';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Fault, TextField } from '@/shared/ui/Field';
import { Form } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { toast } from '@/shared/ui/toasts';
import { me } from '@/shared/session';
import { sentence } from '@/shared/text/words';
import {
  addException,
  dayIn,
  endOfDay,
  previewException,
  whenOf,
  type Condition,
  type ExceptionInput,
} from '../trials';
import { TrialView } from './Trial';
import css from './Rules.module.css';

interface Props {
  rule: { id: string; title: string } | null;
  onClose: () => void;
}

export function ExceptionDialog({ rule, onClose }: Props) {
  const [conditions, setConditions] = useState<readonly Condition[]>([{ field: '', value: '' }]);
  const [every, setEvery] = useState(rule === null);
  const [reason, setReason] = useState('');
  const [owner, setOwner] = useState(me.name);
  const [until, setUntil] = useState(() => dayIn(30, Date.now()));
  const client = useQueryClient();
  const about = every ? null : (rule?.id ?? null);
  const preview = useMutation({ mutationFn: () => previewException(about, whenOf(conditions)) });
  const add = useMutation({
    mutationFn: (input: ExceptionInput) => addException(input),
    onSuccess: async () => {
      toast({ text: 'The exception holds from the next event on.' });
      onClose();
      await client.invalidateQueries({ queryKey: ['rules'] });
    },
  });
  const faults = faultsOf(add.error ?? preview.error);
  const whenFault = faults.get('when');
  const input = { rule_id: about, when: whenOf(conditions), reason, owner, expires_at: endOfDay(until) };
  const edited = (next: readonly Condition[]) => {
    setConditions(next);
    preview.reset();
    add.reset();
  };
  return (
    <Dialog title="Add an exception" onClose={onClose} wide>
      <Form
        busy={add.isPending}
        fault={add.error && faults.size === 0 ? faultText(add.error) : ''}
        noValidate
        onSubmit={() => add.mutate(input)}
        acts={
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button disabled={preview.isPending} onClick={() => preview.mutate()}>
              What would it have hidden?
            </Button>
            <Button look="primary" type="submit" disabled={add.isPending}>
              Add the exception
            </Button>
          </DialogActions>
        }
      >
        {rule && (
          <label>
            <input
              type="checkbox"
              checked={every}
              onChange={(event) => {
                setEvery(event.target.checked);
                preview.reset();
              }}
            />{' '}
            For every rule, not only <Hostile text={rule.title} cap={120} />
          </label>
        )}
        {!rule && (
          <p className="secondary">It holds for every rule. For one rule, add it on that rule’s page.</p>
        )}
        <Conditions conditions={conditions} fault={whenFault} onEdit={edited} />
        <TextField
          label="Reason"
          name="reason"
          value={reason}
          onText={setReason}
          help="Why this is known and harmless"
          fault={faults.get('reason')}
        />
        <TextField
          label="Owner"
          name="owner"
          value={owner}
          onText={setOwner}
          help="Who answers for it"
          fault={faults.get('owner')}
        />
        <TextField
          label="Until the end of (UTC)"
          name="until"
          type="date"
          value={until}
          onText={setUntil}
          help="Empty: without an end"
          fault={faults.get('expires_at')}
        />
        <TrialView trial={preview} act="hidden" fault={faults.size > 0 ? 'Not tried: see the field.' : ''} />
      </Form>
    </Dialog>
  );
}

interface ConditionsProps {
  conditions: readonly Condition[];
  fault: string | undefined;
  onEdit: (conditions: readonly Condition[]) => void;
}

function Conditions({ conditions, fault, onEdit }: ConditionsProps) {
  const set = (at: number, change: Partial<Condition>) =>
    onEdit(conditions.map((one, i) => (i === at ? { ...one, ...change } : one)));
  return (
    <fieldset className={`controls ${css['conditions']}`} aria-describedby="when-about">
      <legend>Not reported when all of it holds</legend>
      {conditions.map(({ field, value }, i) => (
        <div key={i} className={css['condition']}>
          <input
            type="text"
            aria-label={`Field ${i + 1}`}
            placeholder="User, or Image|endswith"
            autoComplete="off"
            data-autofocus={i === 0 ? '' : undefined}
            aria-invalid={fault !== undefined}
            value={field}
            onChange={(event) => set(i, { field: event.target.value })}
          />
          <input
            type="text"
            aria-label={`Value ${i + 1}`}
            placeholder="svc_backup"
            autoComplete="off"
            value={value}
            onChange={(event) => set(i, { value: event.target.value })}
          />
          {conditions.length > 1 && (
            <Button
              look="ghost"
              aria-label={`Take condition ${i + 1} away`}
              onClick={() => onEdit(conditions.filter((_, at) => at !== i))}
            >
              Take away
            </Button>
          )}
        </div>
      ))}
      <Button onClick={() => onEdit([...conditions, { field: '', value: '' }])}>One more condition</Button>
      <p id="when-about" className="muted">
        Fields and modifiers as in a Sigma selection. The same field again: any of its values.
      </p>
      <Fault>{fault ? sentence(fault) : ''}</Fault>
    </fieldset>
  );
}
