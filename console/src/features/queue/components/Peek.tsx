// What the row in focus is about, beside the list.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { itemQuery } from '@/shared/api/items';
import { isAlert, kindOf, shortId, type Alert, type Incident, type Item } from '@/shared/api/wire';
import type { Decisions } from '@/shared/decide/Decide';
import { Claim, Decided, Entities, Reasons, Suggested } from '@/shared/facts/Facts';
import { suppressionOf } from '@/shared/query/write';
import { may, me, personText } from '@/shared/session';
import { isPart } from '@/shared/text/scope';
import { count, plain } from '@/shared/text/words';
import { Button, CopyButton, Facts, IconButton } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Priority, SeverityMark } from '@/shared/ui/Severity';
import { Boundary, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import css from './Peek.module.css';

const kRestMs = 80;

interface Props {
  item: Item;
  decisions: Decisions;
  onClose: () => void;
}

export function Peek({ item, decisions, onClose }: Props) {
  const restedId = useRestedId(item.id);
  const kind = kindOf(item.id) ?? 'alerts';
  const address = `/${kind}/${encodeURIComponent(item.id)}`;
  return (
    <aside className={css['peek']} aria-label="Peek">
      <div className={css['head']}>
        <span className="mono">{shortId(item.id)}</span>
        <CopyButton text={new URL(address, location.origin).href} what="the link" />
        <span className={css['spacer']} />
        <IconButton icon="close" label="Close the peek panel (Space)" onClick={onClose} />
      </div>
      <div className={css['top']}>
        <p className={css['line']}>
          <SeverityMark severity={item.severity} /> <Priority value={item.priority} />{' '}
          <span className="secondary">{plain(item.status)}</span>
        </p>
        <h2>
          <Hostile text={item.title} cap={240} />
        </h2>
      </div>
      <div className={css['body']}>
        <Boundary what="The peek">
          {kind === 'alerts' ? <AlertPeek id={restedId} /> : <IncidentPeek id={restedId} />}
        </Boundary>
      </div>
      <div className={css['foot']}>
        <Link className={css['open']} to={address}>
          Open
        </Link>
        <Button keys="a" needs="alerts.triage" onClick={decisions.take}>
          Assign
        </Button>
        <Button keys="v" needs="alerts.decide" onClick={decisions.judge}>
          Verdict
        </Button>
        <Button keys="e" needs="alerts.decide" onClick={decisions.close}>
          Close…
        </Button>
        {isAlert(item) && may('knowledge.write') && !isPart(me.scope) && (
          <Link className={css['open']} to={suppressionOf(item)}>
            Suppress alike…
          </Link>
        )}
      </div>
    </aside>
  );
}

// j held down must not ask for every row it passes.
function useRestedId(id: string): string {
  const [rested, setRested] = useState(id);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setRested(id);
    }, kRestMs);
    return () => {
      window.clearTimeout(timer);
    };
  }, [id]);
  return rested;
}

function AlertPeek({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(itemQuery('alerts', id));
  if (error) return <ProblemView error={error} what="The alert" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={10} what="the alert" />;
  const alert: Alert = data.body;
  return (
    <>
      <Suggested triage={alert.triage} />
      <Section title="For and against">
        <Reasons reasons={alert.triage.reasons} most={5} />
      </Section>
      <Section title="Who and where">
        <Entities entities={alert.entities.slice(0, 8)} />
      </Section>
      <Section title="Key fields">
        <Facts
          rows={[
            ['Source', <Hostile key="s" text={alert.source} mono />],
            ['Type', <Hostile key="t" text={alert.type} mono />],
            ['Seen', <Moment key="m" at={alert.last_seen} />],
            ['Times', count(alert.occurrences, 'time')],
            ['Command', <Hostile key="c" text={alert.process.command_line} mono />],
            [
              'Incident',
              alert.incident_id ? (
                <Link key="i" to={`/incidents/${alert.incident_id}`}>
                  {shortId(alert.incident_id)}
                </Link>
              ) : (
                'none yet'
              ),
            ],
          ]}
        />
      </Section>
      <details className={css['raw']}>
        <summary>Raw record</summary>
        <MonoBlock text={JSON.stringify(alert.raw, null, 2)} label="Raw record" cap={50_000} />
      </details>
    </>
  );
}

function IncidentPeek({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(itemQuery('incidents', id));
  if (error) return <ProblemView error={error} what="The incident" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={10} what="the incident" />;
  const incident: Incident = data.body;
  return (
    <>
      <Decided verdict={incident.verdict} closeReason={incident.close_reason} />
      <Section title="What happened">
        {incident.summary_sentences.map((sentence, i) => (
          <p key={i} className={css['sentence']}>
            <Claim sentence={sentence} most={3} />
          </p>
        ))}
      </Section>
      <Section title="Why together">
        {incident.why.slice(0, 3).map((sentence, i) => (
          <p key={i} className={css['sentence']}>
            <Claim sentence={sentence} most={3} />
          </p>
        ))}
      </Section>
      <Section title="Who and where">
        <Entities entities={incident.entities.slice(0, 8)} />
      </Section>
      <Section title="State">
        <Facts
          rows={[
            ['Owner', personText(incident.assignee)],
            ['Alerts', count(incident.alert_count, 'alert')],
            ['First seen', <Moment key="f" at={incident.first_seen} />],
            ['Last seen', <Moment key="l" at={incident.last_seen} />],
          ]}
        />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className={css['section']}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
