// Above the fold: what is suggested and decided, what happened, why it is one thing, what to do next.
import type { AlertItem, Incident, ResponseAction } from '@/shared/api/wire';
import type { Decisions } from '@/shared/decide/Decide';
import { Claim, Decided, Reasons, Suggested } from '@/shared/facts/Facts';
import { defang } from '@/shared/text/hostile';
import { count, plain } from '@/shared/text/words';
import { Button, EvidenceChip } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { toast } from '@/shared/ui/toasts';
import { Moment } from '@/shared/ui/TimeText';
import { useRecord } from '../api/incident';
import css from './IncidentPage.module.css';

type Open = (alert: string, pointer: string) => void;

interface Props {
  incident: Incident;
  decisions: Decisions;
  onEvidence: Open;
}

export function Story({ incident, decisions, onEvidence }: Props) {
  const strongest = strongestOf(incident.alerts);
  return (
    <>
      <div className={css['grid']}>
        <div>
          <Judgement
            incident={incident}
            strongest={strongest}
            decisions={decisions}
            onEvidence={onEvidence}
          />
          <div className={css['cell']}>
            <h3>Story</h3>
            {incident.summary_sentences.map((sentence, i) => (
              <p key={i} className={css['sentence']}>
                <Claim sentence={sentence} onOpen={onEvidence} />
              </p>
            ))}
            <details className={css['why']} open={incident.why.length <= 3}>
              <summary>Why together ({incident.why.length})</summary>
              {incident.why.map((sentence, i) => (
                <p key={i}>
                  <Claim sentence={sentence} onOpen={onEvidence} />
                </p>
              ))}
            </details>
          </div>
        </div>
        <div>
          <NextSteps incident={incident} />
          <ForAgainst strongest={strongest} onEvidence={onEvidence} />
        </div>
      </div>
      <Figures incident={incident} />
    </>
  );
}

function Judgement({
  incident,
  strongest,
  decisions,
  onEvidence,
}: Props & { strongest: AlertItem | undefined }) {
  return (
    <>
      {strongest ? (
        <Suggested triage={strongest.triage}>
          <p className="secondary">
            For the strongest of {count(incident.alert_count, 'alert')}:{' '}
            <EvidenceChip evidence={`${strongest.id}#/triage`} onOpen={onEvidence} />
          </p>
        </Suggested>
      ) : (
        <p className={css['cell']}>No verdict is suggested: the incident has no alerts.</p>
      )}
      <Decided verdict={incident.verdict} closeReason={incident.close_reason}>
        <Button keys="v" onClick={decisions.judge}>
          Set verdict
        </Button>
      </Decided>
    </>
  );
}

// The alert that is most probably real; the newest of equals.
function strongestOf(alerts: readonly AlertItem[]): AlertItem | undefined {
  return [...alerts].sort(
    (a, b) => a.triage.fp_probability - b.triage.fp_probability || b.priority - a.priority,
  )[0];
}

function ForAgainst({ strongest, onEvidence }: { strongest: AlertItem | undefined; onEvidence: Open }) {
  const reasons = strongest?.triage.reasons ?? [];
  const speakFor = reasons.filter((reason) => reason.weight >= 0);
  const against = reasons.filter((reason) => reason.weight < 0);
  return (
    <div className={css['cell']}>
      <h3>For ({speakFor.length})</h3>
      {speakFor.length > 0 ? (
        <Reasons reasons={speakFor} onOpen={onEvidence} most={4} />
      ) : (
        <p className="secondary">Nothing known speaks for it.</p>
      )}
      <h3 className={css['why']}>Against ({against.length})</h3>
      {against.length > 0 ? (
        <Reasons reasons={against} onOpen={onEvidence} most={3} />
      ) : (
        <p className="secondary">Nothing known speaks against it.</p>
      )}
    </div>
  );
}

function Figures({ incident }: { incident: Incident }) {
  const kinds = (kind: string) =>
    new Set(incident.entities.filter((entity) => entity.kind === kind).map((entity) => entity.value)).size;
  return (
    <p className={css['figures']}>
      {count(incident.alert_count, 'alert')} · {count(kinds('host'), 'host')} · {count(kinds('user'), 'user')}{' '}
      · {count(incident.iocs.length, 'IoC')} · <Moment at={incident.first_seen} /> to{' '}
      <Moment at={incident.last_seen} />
    </p>
  );
}

function NextSteps({ incident }: { incident: Incident }) {
  const plan = incident.response_plan;
  const actions = (plan ? [plan.primary_action, ...plan.secondary_actions] : [])
    .filter((action) => action.action_type !== 'none')
    .slice(0, 3);
  const record = useRecord(incident.id);
  const simulate = (action: ResponseAction) => {
    record.mutate(
      { action: action.action_type, target: action.target, detail: action.reason, simulated: true },
      {
        onSuccess: () => {
          toast({
            text: `Simulation of ${plain(action.action_type).toLowerCase()} written to the record. Nothing was changed.`,
          });
        },
        onError: () => {
          toast({ text: 'The simulation was not recorded.' });
        },
      },
    );
  };
  return (
    <div className={css['cell']}>
      <h3>Next steps</h3>
      {actions.length === 0 && <p className="secondary">No step is proposed.</p>}
      <ol className={css['steps']}>
        {actions.map((action, i) => (
          <li key={i}>
            <span className="secondary">{i + 1}</span>
            <div className={css['step']}>
              <p>
                <b>{plain(action.action_type)}</b> <Hostile text={action.target} mono cap={120} />
              </p>
              <p className="secondary">
                {[
                  action.requires_approval ? 'needs approval' : 'no approval needed',
                  action.rollback_possible
                    ? `undo: ${defang(action.rollback) || 'possible'}`
                    : 'cannot be undone',
                  defang(action.estimated_impact),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              <p className="secondary">
                Proposed because: <Hostile text={action.reason} cap={240} />
              </p>
            </div>
            <Button
              disabled={record.isPending}
              aria-label={`Simulate ${plain(action.action_type).toLowerCase()} of ${action.target}`}
              onClick={() => {
                simulate(action);
              }}
            >
              Simulate
            </Button>
          </li>
        ))}
      </ol>
      {plan && plan.escalation_path.length > 0 && (
        <p className="muted">
          Escalates after {plan.auto_escalate_after_minutes} min to {plan.escalation_path.join(' → ')}.
        </p>
      )}
    </div>
  );
}
