// The phases of the attack on one axis of time, and what is known to be wrong with the times.
import { Link } from 'react-router';
import type { Timeline } from '@/shared/api/wire';
import { usePrefs } from '@/shared/prefs/prefs';
import { alertsWhere } from '@/shared/query/write';
import { clockText } from '@/shared/text/time';
import { count, duration } from '@/shared/text/words';
import { Hostile } from '@/shared/ui/Hostile';
import { Icon } from '@/shared/ui/icons';
import { axisOf, spanOf, type Clock, type Gap, type Phase } from '../timeline';
import css from './Timeline.module.css';

interface Props {
  id: string;
  timeline: Timeline;
  chosen: string | null;
  onChoose: (tactic: string | null) => void;
}

export function Phases({ id, timeline, chosen, onChoose }: Props) {
  const { phases, gaps } = timeline;
  if (phases.length === 0)
    return (
      <p className={css['nophase']}>
        No phase: none of its alerts names an ATT&CK tactic. That is not the same as none used.
      </p>
    );
  const axis = axisOf(phases);
  return (
    <ol className={css['phases']} aria-label="Phases of the attack, in the order of ATT&CK">
      {phases.map((phase) => (
        <Lane key={phase.tactic} {...{ id, phase, gaps, axis, onChoose }} chosen={phase.tactic === chosen} />
      ))}
    </ol>
  );
}

interface LaneProps {
  id: string;
  phase: Phase;
  gaps: readonly Gap[];
  axis: { from: number; to: number };
  chosen: boolean;
  onChoose: (tactic: string | null) => void;
}

function Lane({ id, phase, gaps, axis, chosen, onChoose }: LaneProps) {
  const { zone } = usePrefs();
  const own = spanOf(phase.first_seen, phase.last_seen, axis);
  const from = clockText(phase.first_seen, zone);
  const to = clockText(phase.last_seen, zone);
  return (
    <li className={css['lane']}>
      <button
        type="button"
        className={css['phase']}
        aria-pressed={chosen}
        title={`Show only ${phase.name} (${phase.tactic})`}
        onClick={() => {
          onChoose(chosen ? null : phase.tactic);
        }}
      >
        {phase.name}
      </button>
      <svg className={css['track']} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
        {gaps.map((gap) => {
          const silent = spanOf(gap.from, gap.to, axis);
          return (
            <rect
              key={gap.from}
              x={silent.left}
              width={silent.width}
              y="0"
              height="10"
              className={css['silent']}
            />
          );
        })}
        <rect
          x={Math.min(99, own.left)}
          width={Math.max(1, own.width)}
          y="3"
          height="4"
          className={css['bar']}
        />
      </svg>
      <span className={css['span']}>
        {from === to ? from : `${from} to ${to}`}
        {phase.before_earlier_tactic && (
          <span className={css['early']}> began before a phase that stands ahead of it</span>
        )}
      </span>
      <Link to={alertsWhere(['incident', id], ['tactic', phase.tactic])}>{count(phase.alerts, 'alert')}</Link>
    </li>
  );
}

export function clockWords({ kind, typical_seconds }: Clock): string {
  const by = duration(typical_seconds * 1000);
  return kind === 'clock_ahead' ? `clock ahead by ${by}` : `late by ${by}`;
}

export function Clocks({ id, clocks }: { id: string; clocks: readonly Clock[] }) {
  if (clocks.length === 0) return null;
  return (
    <ul className={css['clocks']} aria-label="Times that cannot be right">
      {clocks.map((clock) => (
        <li key={`${clock.kind}${clock.source}`}>
          <Icon name="clock" />
          <span>
            <Hostile text={clock.source} mono cap={60} />:{' '}
            {clock.kind === 'clock_ahead'
              ? `its clock is ahead, typically by ${duration(clock.typical_seconds * 1000)}. `
              : `came late, typically by ${duration(clock.typical_seconds * 1000)}. `}
            <Link to={alertsWhere(['incident', id], ['source', clock.source])}>
              {count(clock.alerts, 'alert')}
            </Link>
          </span>
        </li>
      ))}
    </ul>
  );
}
