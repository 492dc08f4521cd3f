// The steps for this kind of incident, why they apply, and what each would do. What is marked done is a line of the
// incident's record, with who and when; a simulation is one, too, and says so.
import { useQuery } from '@tanstack/react-query';
import type { ActionRecord, Playbook, SimulationReply } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Evidence } from '@/shared/facts/Facts';
import { personText } from '@/shared/session';
import { count, plain } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { actionsQuery, playbookQuery, useRecord, useSimulate } from '../api/incident';
import { Commands, Simulated, Targets, approvers, roles } from './Simulated';
import css from './Tabs.module.css';

type Step = Playbook['steps'][number];
type Open = (alert: string, pointer: string) => void;

export function PlaybookTab({ id, onEvidence }: { id: string; onEvidence: Open }) {
  const { data, error, refetch } = useQuery(playbookQuery(id));
  const actions = useQuery(actionsQuery(id)).data?.items ?? [];
  if (error) return <ProblemView error={error} what="The playbook" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={8} what="the playbook" />;
  if (data.steps.length === 0)
    return (
      <Empty text="No playbook fits the kinds of alert in this incident. Playbooks of your own come from the folder named in respond.playbooks_dir." />
    );
  return <Shown id={id} playbook={data} actions={actions} onEvidence={onEvidence} />;
}

interface ShownProps {
  id: string;
  playbook: Playbook;
  actions: readonly ActionRecord[];
  onEvidence: Open;
}

function Shown({ id, playbook, actions, onEvidence }: ShownProps) {
  const whole = useSimulate(id);
  const first = playbook.matches[0];
  const simulateAll = (of: string) => {
    whole.mutate({ playbook: of });
  };
  useActions([
    {
      id: 'simulate',
      title: `Simulate the playbook ${first?.title ?? ''}`.trim(),
      group: 'Work',
      keys: ['Shift+s'],
      blocked: first ? null : 'No playbook applies.',
      run: () => {
        if (first) simulateAll(first.id);
      },
    },
  ]);
  const phases = [...new Set(playbook.steps.map((step) => step.phase))];
  const done = playbook.steps.filter((step) => doneBy(step, actions)).length;
  return (
    <>
      <p className={css['summary']}>
        {done} of {count(playbook.steps.length, 'step')} done.
      </p>
      <ul>
        {playbook.matches.map((match) => (
          <li key={match.id} className={css['step']}>
            <div>
              <h3>{match.title}</h3>
              {match.reasons.map((reason, i) => (
                <p key={i}>
                  Applies because: <Hostile text={reason.text} />{' '}
                  <Evidence evidence={reason.evidence} onOpen={onEvidence} most={3} />
                </p>
              ))}
            </div>
            <Button
              disabled={whole.isPending}
              aria-label={`Simulate playbook: ${match.title}`}
              title={match === first ? 'Shift S' : undefined}
              onClick={() => {
                simulateAll(match.id);
              }}
            >
              Simulate playbook
            </Button>
          </li>
        ))}
      </ul>
      <Outcome reply={whole.data} error={whole.error} />
      {phases.map((phase) => (
        <section key={phase} aria-label={plain(phase)}>
          <h3 className={css['phase']}>{plain(phase)}</h3>
          <ul>
            {playbook.steps
              .filter((step) => step.phase === phase)
              .map((step) => (
                <StepLine
                  key={`${step.playbook_id} ${step.action}`}
                  id={id}
                  step={step}
                  done={doneBy(step, actions)}
                />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function doneBy(step: Step, actions: readonly ActionRecord[]): ActionRecord | undefined {
  return actions.find((action) => action.action === step.action && !action.simulated);
}

function Outcome({ reply, error }: { reply: SimulationReply | undefined; error: Error | null }) {
  if (error) return <ProblemView error={error} what="The simulation" />;
  if (!reply) return null;
  if (reply.items.length === 0)
    return (
      <p className={css['nothing']} role="status">
        Simulation, nothing was changed. No step of this playbook changes another system.
      </p>
    );
  return (
    <section aria-label={`Simulation of ${count(reply.items.length, 'step')}`}>
      {reply.items.map((item, i) => (
        <Simulated key={`${item.action}${i}`} simulation={item} named />
      ))}
    </section>
  );
}

function StepLine({ id, step, done }: { id: string; step: Step; done: ActionRecord | undefined }) {
  const simulate = useSimulate(id);
  const simulated = simulate.data?.items[0];
  return (
    <li className={css['step']}>
      <div>
        <p>
          <b>{plain(step.action)}</b>{' '}
          <span className="secondary">
            {roles[step.role]} · risk {step.risk} ·{' '}
            {step.requires_approval
              ? `needs approval of the ${approvers[step.approver]}`
              : 'no approval needed'}
          </span>
        </p>
        <p>
          <Hostile text={step.purpose} cap={600} />
        </p>
        <Targets targets={step.targets} />
        <p className="secondary">
          Impact: <Hostile text={step.impact} cap={300} /> · Undo: <Hostile text={step.undo} cap={300} />
        </p>
        {step.evidence.length > 0 && (
          <p className="secondary">
            Keep: <Hostile text={step.evidence.join(', ')} cap={400} />
          </p>
        )}
        {step.commands.length > 0 && (
          <details>
            <summary>{count(step.commands.length, 'command')}</summary>
            <Commands commands={step.commands} />
          </details>
        )}
        {simulate.error && <ProblemView error={simulate.error} what="The simulation" />}
        {simulated && <Simulated simulation={simulated} />}
      </div>
      <div className={css['stepActs']}>
        {step.effect !== 'none' && (
          <Button
            disabled={simulate.isPending}
            aria-label={`Simulate: ${plain(step.action)}`}
            onClick={() => {
              simulate.mutate({ action: step.action });
            }}
          >
            Simulate
          </Button>
        )}
        <DoneMark id={id} step={step} done={done} />
      </div>
    </li>
  );
}

function DoneMark({ id, step, done }: { id: string; step: Step; done: ActionRecord | undefined }) {
  const record = useRecord(id);
  if (done)
    return (
      <p className="secondary">
        Done by {personText(done.actor)}, <Moment at={done.created_at} />
      </p>
    );
  return (
    <Button
      needs="response.approve"
      disabled={record.isPending}
      aria-label={`Mark done: ${plain(step.action)}`}
      onClick={() => {
        record.mutate({
          action: step.action,
          detail: `Step of ${step.playbook} marked done in the console`,
        });
      }}
    >
      Mark done
    </Button>
  );
}
