// The steps for this kind of incident. What is marked done is a line of the incident's record, with who and when.
import { useQuery } from '@tanstack/react-query';
import type { ActionRecord, Playbook } from '@/shared/api/wire';
import { personText } from '@/shared/session';
import { count, plain } from '@/shared/text/words';
import { Button, CopyButton } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { actionsQuery, playbookQuery, useRecord } from '../api/incident';
import css from './Tabs.module.css';

type Step = Playbook['steps'][number];

const approvers: Record<Step['approver'], string> = {
  analyst: 'analyst',
  soc_lead: 'SOC lead',
  incident_manager: 'incident manager',
  system_owner: 'system owner',
};

export function PlaybookTab({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(playbookQuery(id));
  const actions = useQuery(actionsQuery(id)).data?.items ?? [];
  if (error) return <ProblemView error={error} what="The playbook" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={8} what="the playbook" />;
  if (data.steps.length === 0) return <Empty text="No playbook fits the kinds of alert in this incident." />;
  const phases = [...new Set(data.steps.map((step) => step.phase))];
  const done = data.steps.filter((step) => doneBy(step, actions)).length;
  return (
    <>
      <p className="secondary">
        {done} of {count(data.steps.length, 'step')} done. From: {data.playbooks.join(', ')}.
      </p>
      {phases.map((phase) => (
        <section key={phase} aria-label={plain(phase)}>
          <h3 className={css['phase']}>{plain(phase)}</h3>
          <ul>
            {data.steps
              .filter((step) => step.phase === phase)
              .map((step) => (
                <StepLine key={step.action} id={id} step={step} done={doneBy(step, actions)} />
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

function StepLine({ id, step, done }: { id: string; step: Step; done: ActionRecord | undefined }) {
  const record = useRecord(id);
  return (
    <li className={css['step']}>
      <div>
        <p>
          <b>{plain(step.action)}</b>{' '}
          <span className="secondary">
            risk {step.risk} · approver {approvers[step.approver]}
          </span>
        </p>
        <p>
          <Hostile text={step.purpose} cap={600} />
        </p>
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
            {step.commands.map((command) => (
              <div key={`${command.platform}${command.run}`} className={css['command']}>
                <span className="secondary">{plain(command.platform)}</span>
                <MonoBlock text={command.run} label={`Command for ${command.platform}`} />
                <CopyButton text={command.run} what="the command" />
              </div>
            ))}
          </details>
        )}
      </div>
      {done ? (
        <p className="secondary">
          Done by {personText(done.actor)}, <Moment at={done.created_at} />
        </p>
      ) : (
        <div>
          <Button
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
        </div>
      )}
    </li>
  );
}
