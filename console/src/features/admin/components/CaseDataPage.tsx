// What people tell the agents: allow list, rate limits, maintenance windows, changes and advisories.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { faultText } from '@/shared/api/http';
import { NotThereYet, Rows } from '@/shared/list/List';
import { Cell, Table } from '@/shared/list/RowTable';
import type { Verb } from '@/shared/session';
import { Button } from '@/shared/ui/basics';
import { Confirm } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import {
  advisoriesQuery,
  changesQuery,
  policyQuery,
  removeAdvisory,
  changePolicy,
  without,
  type CustomerPolicy,
  type Part,
} from '../caseData';
import { AddCaseData, forms, type FormName } from './AddCaseData';
import { Head } from './parts';
import css from './Admin.module.css';

export default function CaseDataPage() {
  usePageTitle('Case data');
  const [adding, setAdding] = useState<FormName | null>(null);
  const policy = useQuery(policyQuery);
  const changes = useQuery(changesQuery);
  const advisories = useQuery(advisoriesQuery);
  const current = policy.data?.body;
  return (
    <div>
      <Head title="Case data">
        What the agents weigh beside the alerts. It moves what they say of a case and its probability; it
        hides, closes and decides nothing.
      </Head>
      <NotThereYet list={policy} what="the policy" />
      {current && <PolicyParts policy={current} onAdd={setAdding} />}
      <Section form="change" onAdd={setAdding} list={changes} none={changes.data?.items.length === 0}>
        {changes.data?.items.map((change) => (
          <tr key={change.id}>
            <Cell look="wide">
              <Hostile text={change.summary} cap={160} />
              {change.failed && ' (failed)'}
            </Cell>
            <Cell title="Kind">
              <Hostile text={change.kind} cap={40} />
            </Cell>
            <Cell title="Of" look="wide">
              <Hostile text={change.resources.join(', ') || 'not said'} cap={160} />
            </Cell>
            <Cell title="When">
              <Moment at={change.at} />
            </Cell>
            <Cell title="Told by">
              <Hostile text={change.told_by} cap={60} />
            </Cell>
          </tr>
        ))}
      </Section>
      <Section form="advisory" onAdd={setAdding} list={advisories} none={advisories.data?.items.length === 0}>
        {advisories.data?.items.map((advisory) => (
          <tr key={advisory.id}>
            <Cell look="wide">
              <Hostile text={advisory.title} cap={160} />
            </Cell>
            <Cell title="Published by">
              <Hostile text={advisory.published_by} cap={60} />
            </Cell>
            <Cell title="Names" look="wide">
              <Hostile text={[...advisory.names, ...advisory.products].join(', ') || 'nothing'} cap={200} />
            </Cell>
            <Cell title="When">
              <Moment at={advisory.published_at} />
            </Cell>
            <td>
              <Remove what={advisory.title} queryKey="advisories" act={() => removeAdvisory(advisory.id)} />
            </td>
          </tr>
        ))}
      </Section>
      {adding && <AddCaseData name={adding} onClose={() => setAdding(null)} />}
    </div>
  );
}

function PolicyParts({ policy, onAdd }: { policy: CustomerPolicy; onAdd: (form: FormName) => void }) {
  const remove = (part: Part, id: string, what: string) => (
    <td>
      <Remove what={what} queryKey="customer-policy" act={() => changePolicy(without(policy, part, id))} />
    </td>
  );
  return (
    <>
      <Section form="window" onAdd={onAdd} none={policy.maintenance_windows.length === 0}>
        {policy.maintenance_windows.map(({ id, title, from, until, resources }) => (
          <tr key={id}>
            <Cell look="wide">
              <Hostile text={title} cap={120} />
            </Cell>
            <Cell title="From">
              <Moment at={from} />
            </Cell>
            <Cell title="Until">
              <Moment at={until} />
            </Cell>
            <Cell title="Of" look="wide">
              <Hostile text={resources.join(', ') || 'everything'} cap={200} />
            </Cell>
            {remove('maintenance_windows', id, title)}
          </tr>
        ))}
      </Section>
      <Section form="allow" onAdd={onAdd} none={policy.allow_list.length === 0}>
        {policy.allow_list.map(({ id, value, reason, expires_at: expires }) => (
          <tr key={id}>
            <Cell look="wide">
              <Hostile text={value} mono cap={120} />
            </Cell>
            <Cell title="Reason" look="wide">
              <Hostile text={reason} cap={200} />
            </Cell>
            <Cell title="Until">{expires ? <Moment at={expires} /> : 'no end'}</Cell>
            {remove('allow_list', id, value)}
          </tr>
        ))}
      </Section>
      <Section form="limit" onAdd={onAdd} none={policy.rate_limits.length === 0}>
        {policy.rate_limits.map(({ id, name, applies_to: of, per_minute: most }) => (
          <tr key={id}>
            <Cell look="wide">
              <Hostile text={name} cap={120} />
            </Cell>
            <Cell title="Of">
              <Hostile text={of || 'everything'} cap={120} />
            </Cell>
            <Cell title="A minute" look="number">
              {most}
            </Cell>
            {remove('rate_limits', id, name)}
          </tr>
        ))}
      </Section>
    </>
  );
}

interface SectionProps {
  form: FormName;
  onAdd: (form: FormName) => void;
  list?: Parameters<typeof NotThereYet>[0]['list'];
  none: boolean;
  children: ReactNode; // its rows
}

function Section({ form, onAdd, list, none, children }: SectionProps) {
  const { title, empty, add, needs, columns } = forms[form];
  return (
    <section className={css['caseData']} aria-label={title}>
      <div className={css['caseHead']}>
        <h2>{title}</h2>
        <Button needs={needs} onClick={() => onAdd(form)}>
          {add}…
        </Button>
      </div>
      {list && <NotThereYet list={list} what={title.toLowerCase()} lines={3} />}
      {none ? (
        <p className="secondary">{empty}</p>
      ) : (
        <Rows>
          <Table columns={columns}>{children}</Table>
        </Rows>
      )}
    </section>
  );
}

interface RemoveProps {
  what: string;
  queryKey: string;
  act: () => Promise<unknown>;
}

const kNeeds: Verb = 'knowledge.write';

function Remove({ what, queryKey, act }: RemoveProps) {
  const [asked, setAsked] = useState(false);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: act,
    onSuccess: () => {
      setAsked(false);
      toast({ text: 'Removed.' });
    },
    onSettled: () => client.invalidateQueries({ queryKey: [queryKey] }),
  });
  return (
    <>
      <Button needs={kNeeds} aria-label={`Remove ${what}`} onClick={() => setAsked(true)}>
        Remove…
      </Button>
      {asked && (
        <Confirm
          title="Remove it?"
          act="Remove"
          keep="Keep it"
          busy={remove.isPending}
          fault={remove.isError ? `Not removed. ${faultText(remove.error)}` : ''}
          onClose={() => setAsked(false)}
          onAct={() => remove.mutate()}
        >
          <p>
            <Hostile text={what} cap={200} /> is weighed no more in cases from now on.
          </p>
        </Confirm>
      )}
    </>
  );
}
