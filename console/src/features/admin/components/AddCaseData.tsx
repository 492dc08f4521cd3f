// Adding a window, an allow entry, a limit, a change or an advisory; what is wrong stands at its field.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { faultText } from '@/shared/api/http';
import type { Verb } from '@/shared/session';
import { Field, TextField } from '@/shared/ui/Field';
import { FormDialog } from '@/shared/ui/Form';
import { toast } from '@/shared/ui/toasts';
import {
  addAdvisory,
  addChange,
  changePolicy,
  faultAt,
  filled,
  isStale,
  listOf,
  timeOf,
  type PolicyInput,
  type Values,
} from '../caseData';

interface Entry {
  name: string; // as in the API
  label: string;
  help?: string;
  type?: 'datetime-local' | 'long';
}

interface FormOf {
  title: string;
  add: string;
  empty: string;
  needs: Verb;
  key: string; // of the list that it belongs to
  columns: readonly { title: string; look?: 'wide' | 'number'; unseen?: boolean }[];
  fields: readonly Entry[];
  send: (values: Values) => Promise<unknown>;
}

const removal = { title: 'Remove', unseen: true } as const;

// The policy is checked by the server: what is missing or no number goes as it is.
const intoPolicy = (part: keyof PolicyInput, entry: Record<string, unknown>) =>
  changePolicy((input) => ({ ...input, [part]: [...(input[part] as unknown[]), entry] }));

const resources: Entry = {
  name: 'resources',
  label: 'Hosts, users, services or networks',
  help: 'With commas between.',
};

export const forms = {
  window: {
    title: 'Maintenance windows',
    add: 'Add a window',
    empty: 'None. Add a window before planned work, so that what it causes is explained.',
    needs: 'knowledge.write',
    key: 'customer-policy',
    columns: [
      { title: 'Title' },
      { title: 'From' },
      { title: 'Until' },
      { title: 'Of', look: 'wide' },
      removal,
    ],
    fields: [
      { name: 'title', label: 'Title', help: 'Such as Patch night.' },
      { name: 'from', label: 'From, in UTC', type: 'datetime-local' },
      { name: 'until', label: 'Until, in UTC', help: 'At most 31 days later.', type: 'datetime-local' },
      { ...resources, help: 'With commas between; empty for everything.' },
    ],
    send: ({ title, from, until, resources: of }) =>
      intoPolicy('maintenance_windows', {
        title,
        from: timeOf(from),
        until: timeOf(until),
        resources: listOf(of),
      }),
  },
  allow: {
    title: 'Allow list',
    add: 'Add an entry',
    empty: 'Empty. Add what is expected here, such as the network of a vulnerability scanner.',
    needs: 'knowledge.write',
    key: 'customer-policy',
    columns: [{ title: 'Value' }, { title: 'Reason', look: 'wide' }, { title: 'Until' }, removal],
    fields: [
      {
        name: 'value',
        label: 'Host, user, address or network',
        help: 'A network is at most a /8, of IPv6 a /32.',
      },
      { name: 'reason', label: 'Reason' },
      { name: 'expires_at', label: 'Until, in UTC', help: 'Empty for no end.', type: 'datetime-local' },
    ],
    send: ({ value, reason, expires_at: until }) =>
      intoPolicy('allow_list', { value, reason, ...filled({ expires_at: timeOf(until) }) }),
  },
  limit: {
    title: 'Rate limits',
    add: 'Add a limit',
    empty: 'None. Add what is usual at most, such as 60 failed sign-ins a minute.',
    needs: 'knowledge.write',
    key: 'customer-policy',
    columns: [{ title: 'Name' }, { title: 'Of' }, { title: 'A minute', look: 'number' }, removal],
    fields: [
      { name: 'name', label: 'Name' },
      { name: 'applies_to', label: 'Type of alerts or entity', help: 'Empty for everything.' },
      { name: 'per_minute', label: 'At most a minute' },
    ],
    send: ({ name, applies_to: of = '', per_minute: most = '' }) =>
      intoPolicy('rate_limits', {
        name,
        ...filled({ applies_to: of }),
        per_minute: /^\d+$/.test(most.trim()) ? Number(most) : most,
      }),
  },
  change: {
    title: 'Changes',
    add: 'Tell of a change',
    empty:
      'None. Tell of a deployment here, or let what deploys post to /api/v1/changes or /api/v1/webhooks/changes by itself.',
    needs: 'alerts.ingest',
    key: 'changes',
    columns: [
      { title: 'Summary' },
      { title: 'Kind' },
      { title: 'Of', look: 'wide' },
      { title: 'When' },
      { title: 'Told by' },
    ],
    fields: [
      { name: 'kind', label: 'Kind', help: 'deployment, release, pipeline, infrastructure, change.' },
      { name: 'summary', label: 'Summary', help: 'Such as web 4.2 to production.' },
      { name: 'at', label: 'When, in UTC', help: 'Empty for now.', type: 'datetime-local' },
      { ...resources, help: 'What was changed, with commas between.' },
      { name: 'made_by', label: 'Made by' },
    ],
    send: ({ kind = '', summary = '', at, resources: of, made_by: by = '' }) =>
      addChange({ kind, summary, ...filled({ at: timeOf(at), resources: listOf(of), made_by: by }) }),
  },
  advisory: {
    title: 'Advisories',
    add: 'Add an advisory',
    empty: 'None. Add one: CVE ids, techniques and indicators in its text are found and compared with cases.',
    needs: 'knowledge.write',
    key: 'advisories',
    columns: [
      { title: 'Title' },
      { title: 'Published by' },
      { title: 'Names', look: 'wide' },
      { title: 'When' },
      removal,
    ],
    fields: [
      { name: 'title', label: 'Title' },
      { name: 'published_by', label: 'Published by' },
      { name: 'published_at', label: 'When, in UTC', help: 'Empty for now.', type: 'datetime-local' },
      { name: 'url', label: 'Address' },
      { name: 'text', label: 'Text', type: 'long' },
      {
        name: 'products',
        label: 'Products',
        help: 'Words that titles and programs name, with commas between.',
      },
    ],
    send: ({ title = '', published_by: by = '', published_at: at, url = '', text = '', products }) =>
      addAdvisory({
        title,
        published_by: by,
        ...filled({ published_at: timeOf(at), url, text, products: listOf(products) }),
      }),
  },
} as const satisfies Record<string, FormOf>;

export type FormName = keyof typeof forms;

export function AddCaseData({ name, onClose }: { name: FormName; onClose: () => void }) {
  const form: FormOf = forms[name];
  const [values, setValues] = useState<Values>({});
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: () =>
      form.send({ ...Object.fromEntries(form.fields.map((one) => [one.name, ''])), ...values }),
    onSuccess: () => {
      toast({ text: 'Added.' });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: [form.key] }),
  });
  const faultOf = (field: string) => faultAt(add.error, field);
  const atField = form.fields.some((one) => faultOf(one.name) !== undefined);
  const whole = isStale(add.error)
    ? 'Somebody changed the policy meanwhile. Press again: it is added to the new one.'
    : faultText(add.error);
  const edit = (field: string) => (text: string) => setValues({ ...values, [field]: text });
  return (
    <FormDialog
      title={form.add}
      act="Add"
      busy={add.isPending}
      fault={add.isError && !atField ? whole : ''}
      onClose={onClose}
      onSubmit={() => add.mutate()}
    >
      {form.fields.map(({ name: field, label, help, type }, i) =>
        type === 'long' ? (
          <Field key={field} label={label} name={field} help={help} fault={faultOf(field)}>
            <textarea
              name={field}
              rows={4}
              aria-describedby={`${field}-about`}
              aria-invalid={faultOf(field) !== undefined}
              value={values[field] ?? ''}
              onChange={(event) => edit(field)(event.target.value)}
            />
          </Field>
        ) : (
          <TextField
            key={field}
            type={type ?? 'text'}
            name={field}
            label={label}
            help={help}
            fault={faultOf(field)}
            first={i === 0}
            value={values[field] ?? ''}
            onText={edit(field)}
          />
        ),
      )}
    </FormDialog>
  );
}
