// Above the fold: what is suggested and decided, what happened, why it is one thing, what to do next.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { itemQuery } from '@/shared/api/items';
import type { AlertItem, Incident, Reason, Sentence } from '@/shared/api/wire';
import type { Decisions } from '@/shared/decide/Decide';
import { Rating } from '@/shared/facts/Rating';
import { Tags } from '@/shared/facts/Tags';
import { Claim, Decided, Reasons, Suggested } from '@/shared/facts/Facts';
import { count } from '@/shared/text/words';
import { Button, EvidenceChip } from '@/shared/ui/basics';
import { Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { NextSteps } from './NextSteps';
import css from './IncidentPage.module.css';

type Open = (alert: string, pointer: string) => void;

interface Props {
  incident: Incident;
  decisions: Decisions;
  onEvidence: Open;
}

const kFirstSentences = 4;

export function Story({ incident, decisions, onEvidence }: Props) {
  const strongest = strongestOf(incident.alerts);
  const first = incident.summary_sentences.slice(0, kFirstSentences);
  const rest = incident.summary_sentences.slice(kFirstSentences);
  return (
    <>
      <div className={css['grid']}>
        <div>
          {strongest ? (
            <Judgement incident={incident} strongest={strongest} onEvidence={onEvidence} />
          ) : (
            <p className={css['cell']}>No verdict is suggested: the incident has no alerts.</p>
          )}
          <Decided verdict={incident.verdict} closeReason={incident.close_reason}>
            <Button keys="v" needs="alerts.decide" onClick={decisions.judge}>
              Set verdict
            </Button>
          </Decided>
          <div className={css['cell']}>
            <h3>Story</h3>
            <Sentences sentences={first} onEvidence={onEvidence} />
            {rest.length > 0 && (
              <details className={css['more']}>
                <summary>{count(rest.length, 'more sentence')}</summary>
                <Sentences sentences={rest} onEvidence={onEvidence} />
              </details>
            )}
            <details className={css['more']}>
              <summary>Why together ({incident.why.length})</summary>
              <Sentences sentences={incident.why} onEvidence={onEvidence} />
            </details>
          </div>
        </div>
        <div>
          <NextSteps incident={incident} />
          {strongest && <ForAgainst strongest={strongest} onEvidence={onEvidence} />}
        </div>
      </div>
      <Figures incident={incident} />
    </>
  );
}

function Sentences({ sentences, onEvidence }: { sentences: readonly Sentence[]; onEvidence: Open }) {
  return sentences.map((sentence, i) => (
    <p key={i} className={css['sentence']}>
      <Claim sentence={sentence} onOpen={onEvidence} most={3} />
    </p>
  ));
}

// The alert that is most probably real; the gravest of equals.
function strongestOf(alerts: readonly AlertItem[]): AlertItem | undefined {
  return [...alerts].sort(
    (a, b) => a.triage.fp_probability - b.triage.fp_probability || b.priority - a.priority,
  )[0];
}

interface StrongestProps {
  strongest: AlertItem;
  onEvidence: Open;
}

// Reasons are worked out for one alert at a time, so an incident's list of alerts comes without them.
function useWhole(strongest: AlertItem) {
  return useQuery(itemQuery('alerts', strongest.id));
}

function Judgement({ incident, strongest, onEvidence }: StrongestProps & { incident: Incident }) {
  const whole = useWhole(strongest).data?.body;
  return (
    <Suggested triage={whole?.triage ?? strongest.triage} known={whole !== undefined}>
      <p className="secondary">
        For the strongest of {count(incident.alert_count, 'alert')}:{' '}
        <EvidenceChip evidence={`${strongest.id}#/triage`} onOpen={onEvidence} />
      </p>
      <Rating answer="incident_view" id={incident.id} />
    </Suggested>
  );
}

function ForAgainst({ strongest, onEvidence }: StrongestProps) {
  const { data, error, refetch } = useWhole(strongest);
  if (error)
    return <ProblemView error={error} what="What speaks for and against" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={4} what="the reasons" />;
  const { reasons } = data.body.triage;
  return (
    <div className={css['cell']}>
      <Side title="For" reasons={reasons.filter((reason) => reason.weight >= 0)} onEvidence={onEvidence} />
      <Side title="Against" reasons={reasons.filter((reason) => reason.weight < 0)} onEvidence={onEvidence} />
    </div>
  );
}

function Side({ title, reasons, onEvidence }: { title: string; reasons: Reason[]; onEvidence: Open }) {
  return (
    <div className={css['side']}>
      <h3>
        {title} ({reasons.length})
      </h3>
      {reasons.length > 0 ? (
        <Reasons reasons={reasons} onOpen={onEvidence} most={3} />
      ) : (
        <p className="secondary">Nothing known speaks {title.toLowerCase()} it.</p>
      )}
    </div>
  );
}

const kTags = 30;

function Figures({ incident }: { incident: Incident }) {
  const values = (kind: string) =>
    new Set(incident.entities.filter((entity) => entity.kind === kind).map((entity) => entity.value)).size;
  const at = (tab: string) => `/incidents/${incident.id}/${tab}`;
  const tags = [...new Set(incident.alerts.flatMap((alert) => alert.tags))].sort();
  return (
    <div className={css['figures']}>
      <p>
        <Link to={at('alerts')}>{count(incident.alert_count, 'alert')}</Link> ·{' '}
        <Link to={at('entities')}>{count(values('host'), 'host')}</Link> ·{' '}
        <Link to={at('entities')}>{count(values('user'), 'user')}</Link> ·{' '}
        <Link to={at('iocs')}>{count(incident.iocs.length, 'IoC')}</Link> ·{' '}
        <Moment at={incident.first_seen} /> to <Moment at={incident.last_seen} />
      </p>
      {tags.length > 0 && (
        <details className={css['more']}>
          <summary>{count(tags.length, 'tag')} of its alerts</summary>
          <Tags tags={tags.slice(0, kTags)} />
          {tags.length > kTags && <p className="muted">and {tags.length - kTags} more</p>}
        </details>
      )}
    </div>
  );
}
