// At the foot of every page: is it live, and what is behind. Only what the server says; the rest is not shown.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { statsQuery } from '@/shared/api/stats';
import { useLiveState, type LiveState } from '@/shared/live/socket';
import { may, me, type Verb } from '@/shared/session';
import { usePrefs } from '@/shared/prefs/prefs';
import { isPart, scopeText } from '@/shared/text/scope';
import { clockText } from '@/shared/text/time';
import { count, duration, total } from '@/shared/text/words';
import { useNow } from '@/shared/ui/TimeText';
import css from './StatusStrip.module.css';

export function StatusStrip() {
  const live = useLiveState();
  const { data: stats, isError } = useQuery(statsQuery);
  return (
    <footer className={css['strip']} aria-label="System">
      <span role="status" aria-live="polite">
        <Feed live={live} />
      </span>
      {isPart(me.scope) && <span>You see {scopeText(me.scope)}</span>}
      {isError && <span className={css['danger']}>Status not known: no answer</span>}
      {stats && (
        <>
          <Part to="/sources" needs="knowledge.read">
            Alerts of {count(Object.keys(stats.alerts.by_source).length, 'source')}
          </Part>
          <Part to="/queue?list=alerts&q=">
            {total(stats.alerts.total)}
            {stats.alerts.in_part ? '+' : ''} alerts stored
          </Part>
          {stats.search_behind > 0 && (
            <Part to="/jobs" needs="faults.read">
              Search {total(stats.search_behind)} alerts behind
            </Part>
          )}
          {stats.correlation_behind > 0 && (
            <Part to="/jobs" needs="faults.read">
              Correlation {total(stats.correlation_behind)} alerts behind
            </Part>
          )}
          <Part to="/jobs" needs="faults.read">
            Jobs {total(stats.jobs.waiting)}, dead {total(stats.jobs.dead)}
          </Part>
          {stats.dead_letters > 0 && (
            <Part to="/dead-letters" needs="faults.read">
              {count(stats.dead_letters, 'dead letter')}
            </Part>
          )}
          <span className={css['tail']}>Tocsin {stats.version}</span>
        </>
      )}
    </footer>
  );
}

function Part({ to, needs, children }: { to: string; needs?: Verb; children: ReactNode }) {
  if (needs && !may(needs)) return <span className={css['part']}>{children}</span>;
  return (
    <Link to={to} className={css['part']}>
      {children}
    </Link>
  );
}

function Feed({ live }: { live: LiveState }) {
  const { zone } = usePrefs();
  const now = useNow();
  const heard = live.lastHeard > 0 ? clockText(new Date(live.lastHeard).toISOString(), zone) : null;
  switch (live.phase) {
    case 'live':
      return (
        <span className={css['live']}>
          <span aria-hidden>●</span> Live
        </span>
      );
    case 'silent':
      return (
        <span className={css['warn']}>
          <span aria-hidden>?</span> No answer for {duration(Math.max(0, now - live.lastHeard))}, list may be
          old
        </span>
      );
    case 'reconnecting':
      return (
        <span className={css['warn']}>
          <span aria-hidden>◐</span> Reconnecting{heard ? `, showing ${heard}` : ''}
        </span>
      );
    default:
      return <span>Connecting</span>;
  }
}
