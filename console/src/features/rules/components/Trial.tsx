// What a trial on stored events found: how often, where, and the events themselves.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { faultText } from '@/shared/api/http';
import { shortId, type RuleTrial } from '@/shared/api/wire';
import { Rows } from '@/shared/list/List';
import { Cell, NameButton, Table } from '@/shared/list/RowTable';
import { alertsWhere } from '@/shared/query/write';
import { count, duration, total } from '@/shared/text/words';
import { Fault } from '@/shared/ui/Field';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { eventQuery, trialText } from '../trials';
import css from './Rules.module.css';

interface Asked {
  isPending: boolean;
  error: unknown;
  data: RuleTrial | undefined;
}

export function TrialView({
  trial,
  act,
  fault = '',
}: {
  trial: Asked;
  act: 'fired' | 'hidden';
  fault?: string;
}) {
  return (
    <>
      <div role="status">
        {trial.isPending && <Working />}
        {trial.data && !trial.isPending && <p className={css['found']}>{trialText(trial.data, act)}</p>}
      </div>
      <Fault>{trial.error && !trial.isPending ? fault || faultText(trial.error) : ''}</Fault>
      {trial.data && !trial.isPending && trial.data.matches > 0 && <Found trial={trial.data} />}
    </>
  );
}

// The server answers once, at the end: what can be told meanwhile is that it still reads, and for how long.
function Working() {
  const [ms, setMs] = useState(0);
  useEffect(() => {
    const began = Date.now();
    const timer = window.setInterval(() => setMs(Date.now() - began), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <p className="secondary">
      <progress aria-label="Reading stored events" className={css['progress']} /> Reading stored events
      {ms >= 1000 && <span aria-hidden>, {duration(ms)}</span>}
    </p>
  );
}

function Found({ trial }: { trial: RuleTrial }) {
  const [shown, setShown] = useState<number | null>(null);
  return (
    <>
      <Most title="Hosts" field="host" counts={trial.hosts} />
      <Most title="Users" field="user" counts={trial.users} />
      <p className="muted">
        {trial.oldest && trial.newest && (
          <>
            Events from <Moment at={trial.oldest} /> to <Moment at={trial.newest} />.{' '}
          </>
        )}
        {trial.samples.length < trial.matches &&
          `${count(trial.samples.length, 'event')} of ${total(trial.matches)}:`}
      </p>
      <Rows>
        <Table
          columns={[
            { title: 'Event' },
            { title: 'When' },
            { title: 'Host' },
            { title: 'User' },
            { title: 'Why', look: 'wide' },
          ]}
        >
          {trial.samples.map((sample, i) => (
            <tr key={`${sample.event}-${i}`}>
              <Cell>
                <NameButton
                  isChosen={shown === sample.event}
                  label={`Event ${sample.event}`}
                  onClick={() => setShown(shown === sample.event ? null : sample.event)}
                >
                  {sample.event}
                </NameButton>
              </Cell>
              <Cell title="When">
                <Moment at={sample.occurred_at} />
              </Cell>
              <Cell title="Host">
                <Hostile text={sample.host} cap={60} />
              </Cell>
              <Cell title="User">
                <Hostile text={sample.user} cap={60} />
              </Cell>
              <Cell title="Why" look="wide">
                <Hostile text={sample.reason || sample.rule} cap={300} />
              </Cell>
            </tr>
          ))}
        </Table>
      </Rows>
      {shown !== null && <Event seq={shown} />}
    </>
  );
}

function Most({
  title,
  field,
  counts,
}: {
  title: string;
  field: 'host' | 'user';
  counts: RuleTrial['hosts'];
}) {
  if (counts.different === 0) return null;
  const rest = counts.different - counts.most.length;
  return (
    <p className={css['most']}>
      <span className="secondary">{title}</span>{' '}
      {counts.most.map(({ name, matches }) => (
        <Link key={name} to={alertsWhere([field, name])} title={`Alerts of this ${field}`}>
          <Hostile text={name} cap={60} /> {total(matches)}
        </Link>
      ))}
      {rest > 0 && <span className="muted">and {total(rest)} more</span>}
    </p>
  );
}

function Event({ seq }: { seq: number }) {
  const { data, error, refetch } = useQuery(eventQuery(seq));
  if (error) return <ProblemView error={error} what={`Event ${seq}`} onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={4} what="the event" />;
  const raw = typeof data.raw === 'string' ? data.raw : JSON.stringify(data.raw, null, 2);
  return (
    <section aria-label={`Event ${seq}`}>
      <h3>
        Event {seq}, from <Hostile text={data.source} cap={80} />
      </h3>
      <p className={css['most']}>
        {data.alerts.length === 0 && <span className="muted">No alert came of it.</span>}
        {data.alerts.map((id) => (
          <Link key={id} to={`/alerts/${encodeURIComponent(id)}`}>
            {shortId(id)}
          </Link>
        ))}
      </p>
      <MonoBlock text={raw} label={`Record of event ${seq}`} cap={20_000} />
    </section>
  );
}
