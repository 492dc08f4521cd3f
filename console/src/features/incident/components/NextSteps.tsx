// What to do next, with effect and way back beside the button. Nothing here reaches outside.
import type { Incident, ResponseAction } from '@/shared/api/wire';
import { visible } from '@/shared/text/hostile';
import { plain } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { toast } from '@/shared/ui/toasts';
import { useRecord } from '../api/incident';
import css from './IncidentPage.module.css';

const kShown = 3;

export function NextSteps({ incident }: { incident: Incident }) {
  const plan = incident.response_plan;
  const actions = (plan ? [plan.primary_action, ...plan.secondary_actions] : [])
    .filter((action) => action.action_type !== 'none')
    .slice(0, kShown);
  return (
    <div className={css['cell']}>
      <h3>Next steps</h3>
      {actions.length === 0 && <p className="secondary">No step is proposed.</p>}
      <ol className={css['steps']}>
        {actions.map((action, i) => (
          <Step key={i} place={i + 1} incident={incident} action={action} />
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

function Step({ place, incident, action }: { place: number; incident: Incident; action: ResponseAction }) {
  const record = useRecord(incident.id);
  const name = plain(action.action_type);
  const simulate = () => {
    record.mutate(
      { action: action.action_type, target: action.target, detail: action.reason, simulated: true },
      {
        onSuccess: () => {
          toast({ text: `Simulation of ${name.toLowerCase()} written to the record. Nothing was changed.` });
        },
        onError: () => {
          toast({ text: 'The simulation was not recorded.' });
        },
      },
    );
  };
  return (
    <li>
      <span className="secondary">{place}</span>
      <div className={css['step']}>
        <p>
          <b>{name}</b> {action.target && <Hostile text={action.target} mono cap={120} />}
        </p>
        <p className="secondary">
          {action.requires_approval ? 'Needs approval' : 'No approval needed'} ·{' '}
          <Hostile text={action.estimated_impact} cap={160} />
        </p>
        <details className={css['stepMore']}>
          <summary>Why, and the way back</summary>
          <p>
            Proposed because: <Hostile text={action.reason} cap={400} />
          </p>
          <p>
            {action.rollback_possible ? (
              <>
                Undo: <Hostile text={action.rollback || 'possible'} cap={240} />
              </>
            ) : (
              'It cannot be undone.'
            )}
          </p>
        </details>
      </div>
      <Button
        needs="response.approve"
        disabled={record.isPending}
        aria-label={`Simulate ${name.toLowerCase()} ${visible(action.target, 120)}`}
        onClick={simulate}
      >
        Simulate
      </Button>
    </li>
  );
}
