// An alert made by hand. What the server refuses is shown at its field.
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError, faultsOf, post } from '@/shared/api/http';
import type { Alert } from '@/shared/api/wire';
import { Button } from '@/shared/ui/basics';
import { Field } from '@/shared/ui/Field';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { EntityRows } from './EntityRows';
import { emptyDraft, toInput, type Draft } from '../draft';
import css from './Upload.module.css';

const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;

export default function NewAlertPage() {
  usePageTitle('New alert');
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const save = useMutation({
    mutationFn: () => post<Alert>('/api/v1/alerts', toInput(draft)),
    onSuccess: (alert) => void navigate(`/alerts/${alert.id}`),
  });
  const faults = faultsOf(save.error);
  useEffect(() => {
    if (save.error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [save.error]);
  const set = (part: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...part }));
  };
  const text = (name: 'title' | 'occurred_at' | 'reported_by') => ({
    type: 'text',
    value: draft[name],
    'aria-invalid': faults.has(name),
    'aria-describedby': `${name}-about`,
    onChange: (event: { target: { value: string } }) => {
      set({ [name]: event.target.value });
    },
  });
  const area = (name: 'description' | 'note') => ({
    rows: 3,
    value: draft[name],
    'aria-invalid': faults.has(name),
    'aria-describedby': `${name}-about`,
    onChange: (event: { target: { value: string } }) => {
      set({ [name]: event.target.value });
    },
  });
  return (
    <div className={css['page']}>
      <h1>New alert</h1>
      <p className="secondary">It is marked as made by you.</p>
      <form
        ref={form}
        className={css['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Field label="Title" name="title" fault={spoken('Title', faults.get('title'))}>
          <input {...text('title')} maxLength={512} />
        </Field>
        <Field label="Severity" name="severity" fault={spoken('Severity', faults.get('severity'))}>
          <select
            value={draft.severity}
            aria-invalid={faults.has('severity')}
            aria-describedby="severity-about"
            onChange={(event) => {
              set({ severity: event.target.value });
            }}
          >
            <option value="">Choose one</option>
            {severities.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </Field>
        <Field
          label="When (UTC; empty: now)"
          name="occurred_at"
          fault={spoken('When', faults.get('occurred_at'))}
        >
          <input {...text('occurred_at')} placeholder="2026-01-04T14:05:00Z" />
        </Field>
        <Field
          label="Description"
          name="description"
          fault={spoken('Description', faults.get('description'))}
        >
          <textarea {...area('description')} />
        </Field>
        <EntityRows
          entities={draft.entities}
          faults={faults}
          onChange={(entities) => {
            set({ entities });
          }}
        />
        <Field
          label="Reported by"
          name="reported_by"
          fault={spoken('Reported by', faults.get('reported_by'))}
        >
          <input {...text('reported_by')} />
        </Field>
        <Field label="Note" name="note" fault={spoken('Note', faults.get('note'))}>
          <textarea {...area('note')} />
        </Field>
        {save.error && faults.size === 0 && (
          <p role="alert">{save.error instanceof ApiError ? save.error.message : String(save.error)}</p>
        )}
        <Button look="primary" type="submit" disabled={save.isPending}>
          Create alert
        </Button>
      </form>
    </div>
  );
}

// What the server says of a field begins with its verb: "is needed".
function spoken(label: string, fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `${label} ${fault}`;
}
