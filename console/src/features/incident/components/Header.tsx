// Who, how bad, whose, until when; what can be done stands at its right.
import type { Incident } from '@/shared/api/wire';
import { shortId } from '@/shared/api/wire';
import type { Apply } from '@/shared/decide/apply';
import type { Decisions } from '@/shared/decide/Decide';
import { StatusOwner } from '@/shared/decide/StatusOwner';
import { TlpChoice } from '@/shared/facts/Tlp';
import { visible } from '@/shared/text/hostile';
import { slaText } from '@/shared/text/words';
import { Button, CopyButton } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Priority, SeverityMark } from '@/shared/ui/Severity';
import { useNow } from '@/shared/ui/TimeText';
import { ExportMenu } from './ExportMenu';
import { Hold } from './Hold';
import css from './IncidentPage.module.css';

interface Props {
  incident: Incident;
  decisions: Decisions;
  apply: Apply;
  onMerge: () => void;
}

export function Header({ incident, decisions, apply, onMerge }: Props) {
  return (
    <div className={css['header']}>
      <div className={css['line']}>
        <span className="mono" title={incident.id}>
          {shortId(incident.id)}
        </span>
        <CopyButton text={incident.id} what="the id" />
        <SeverityMark severity={incident.severity} />
        <Priority value={incident.priority} />
        <span className={`${css['because']} truncate`} title={visible(incident.review_reason)}>
          {incident.requires_review && (
            <>
              Needs review: <Hostile text={incident.review_reason} />
            </>
          )}
        </span>
        <StatusOwner kind="incidents" item={incident} apply={apply} onClose={decisions.close} />
        <Sla incident={incident} />
        <Hold incident={incident} />
        <TlpChoice
          tlp={incident.tlp}
          onChoose={(tlp) => {
            void apply([incident], { tlp }, `${shortId(incident.id)} is now TLP:${tlp}.`);
          }}
        />
      </div>
      <div className={css['titleLine']}>
        <h1>
          <Hostile text={incident.title} />
        </h1>
        <div className={css['acts']}>
          <ExportMenu incident={incident} />
          <Button keys="m" needs="incidents.shape" onClick={onMerge}>
            Merge…
          </Button>
          <Button look="primary" keys="e" needs="alerts.decide" onClick={decisions.close}>
            Close incident…
          </Button>
        </div>
      </div>
    </div>
  );
}

function Sla({ incident }: { incident: Incident }) {
  const now = useNow();
  if (incident.status === 'closed' || !incident.response_plan) return null;
  const left = Date.parse(incident.created_at) + incident.response_plan.sla_minutes * 60_000 - now;
  return (
    <span className={`${css['sla']} ${left < 0 ? css['late'] : ''}`}>
      SLA {slaText(left)}
      {left < 0 && ' ▲'}
    </span>
  );
}
