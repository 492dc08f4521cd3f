// What a step would do. It must never look like something that was done.
import type { Playbook, Simulation, StepCommand } from '@/shared/api/wire';
import { kindWord, plain } from '@/shared/text/words';
import { CopyButton } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import css from './Tabs.module.css';

type Step = Playbook['steps'][number];

export const approvers: Record<Step['approver'], string> = {
  analyst: 'analyst',
  soc_lead: 'SOC lead',
  incident_manager: 'incident manager',
  system_owner: 'system owner',
};

export const roles: Record<Step['role'], string> = {
  analyst: 'Analyst',
  endpoint_admin: 'Endpoint administrator',
  identity_admin: 'Identity administrator',
  mail_admin: 'Mail administrator',
  network_admin: 'Network administrator',
  cloud_admin: 'Cloud administrator',
  system_owner: 'System owner',
  soc_lead: 'SOC lead',
  incident_manager: 'Incident manager',
};

export function Simulated({ simulation, named = false }: { simulation: Simulation; named?: boolean }) {
  const approver = approvers[simulation.approver as Step['approver']];
  return (
    <div className={css['simulated']} role="status" aria-label="Simulation">
      <p>
        <b>Simulation, nothing was changed</b>
        {named && <>: {plain(simulation.action)}</>}
      </p>
      <Targets targets={simulation.targets} />
      <Lines title="It would" items={simulation.would_do} empty="change nothing in another system." />
      <Lines title="It would break" items={simulation.would_break} empty="nothing that is known here." />
      <p>
        Way back: <Hostile text={simulation.undo} cap={300} /> ·{' '}
        {simulation.requires_approval ? `needs approval of the ${approver}` : 'no approval needed'}
      </p>
      {simulation.commands.length > 0 && (
        <details>
          <summary>With {simulation.commands.length === 1 ? 'this command' : 'these commands'}</summary>
          <Commands commands={simulation.commands} />
        </details>
      )}
    </div>
  );
}

function Lines({ title, items, empty }: { title: string; items: readonly string[]; empty: string }) {
  if (items.length === 0)
    return (
      <p>
        {title} {empty}
      </p>
    );
  return (
    <>
      <p>{title}:</p>
      <ul className={css['would']}>
        {items.map((item, i) => (
          <li key={i}>
            <Hostile text={item} cap={600} />
          </li>
        ))}
      </ul>
    </>
  );
}

export function Targets({ targets }: { targets: Step['targets'] }) {
  if (targets.length === 0) return null;
  return (
    <p className={css['targets']}>
      <span className="secondary">On</span>
      {targets.slice(0, 6).map((target) => (
        <span key={`${target.kind}${target.value}`}>
          <span className="secondary">{kindWord(target.kind)}</span>{' '}
          <Hostile text={target.value} kind={target.kind} mono cap={120} />
        </span>
      ))}
      {targets.length > 6 && <span className="muted">and {targets.length - 6} more</span>}
    </p>
  );
}

export function Commands({ commands }: { commands: readonly StepCommand[] }) {
  return commands.map((command) => (
    <div key={`${command.platform}${command.run}`} className={css['command']}>
      <span className="secondary">{plain(command.platform)}</span>
      <MonoBlock text={command.run} label={`Command for ${command.platform}`} />
      <CopyButton text={command.run} what="the command" />
      {command.refused.length > 0 && (
        <p className={css['hint']}>
          Left out: <Hostile text={command.refused.join('; ')} cap={400} />
        </p>
      )}
    </div>
  ));
}
