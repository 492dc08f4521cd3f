// What happened and what people did, in both orders.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TimelineEntry } from '@/shared/api/wire';
import { personText } from '@/shared/session';
import { usePrefs } from '@/shared/prefs/prefs';
import { clockText, dateText, zoneText } from '@/shared/text/time';
import { count, plain } from '@/shared/text/words';
import { EvidenceChip } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { SeverityMark } from '@/shared/ui/Severity';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { timelineQuery } from '../api/incident';
import css from './Tabs.module.css';

type Open = (alert: string, pointer: string) => void;

export function Timeline({ id, onEvidence }: { id: string; onEvidence: Open }) {
  const { data, error, refetch } = useQuery(timelineQuery(id));
  const [newestFirst, setNewestFirst] = useState(false);
  const { zone } = usePrefs();
  if (error) return <ProblemView error={error} what="The timeline" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={10} what="the timeline" />;
  if (data.items.length === 0)
    return <Empty text="No events. The alerts of this incident were moved to another one." />;
  const items = newestFirst ? data.items.toReversed() : data.items;
  return (
    <>
      <div className={css['bar']}>
        <select
          className={css['select']}
          aria-label="Order"
          value={newestFirst ? 'newest' : 'oldest'}
          onChange={(event) => {
            setNewestFirst(event.target.value === 'newest');
          }}
        >
          <option value="oldest">Oldest first</option>
          <option value="newest">Newest first</option>
        </select>
        <span className="muted">
          {data.items.length < data.total
            ? `The first ${data.items.length.toLocaleString('en')} of ${count(data.total, 'entry', 'entries')}`
            : count(data.total, 'entry', 'entries')}
          , times in {zoneText(zone)}
        </span>
      </div>
      {byDay(items, zone).map(([day, entries]) => (
        <div key={day}>
          <h3 className={css['day']}>{day}</h3>
          <ol className={css['events']}>
            {entries.map((entry, i) => (
              <Entry key={`${entry.at}${i}`} entry={entry} onEvidence={onEvidence} />
            ))}
          </ol>
        </div>
      ))}
    </>
  );
}

function byDay(items: readonly TimelineEntry[], zone: 'utc' | 'mine'): [string, TimelineEntry[]][] {
  const days = new Map<string, TimelineEntry[]>();
  for (const item of items) {
    const day = dateText(item.at, zone);
    const known = days.get(day);
    if (known) known.push(item);
    else days.set(day, [item]);
  }
  return [...days];
}

function Entry({ entry, onEvidence }: { entry: TimelineEntry; onEvidence: Open }) {
  const { zone } = usePrefs();
  return (
    <li>
      <time dateTime={entry.at} className={`${css['time']} mono`}>
        {clockText(entry.at, zone, true)}
      </time>
      <span className={css['dot']}>
        {entry.severity ? <SeverityMark severity={entry.severity} dot /> : <span aria-hidden>·</span>}
      </span>
      <span className={css['kind']}>{plain(entry.kind)}</span>
      <span className={css['event']}>
        <Hostile text={entry.title} />
        {entry.detail && (
          <span className="secondary">
            {' '}
            <Hostile text={entry.detail} cap={300} />
          </span>
        )}
      </span>
      <span>
        {entry.actor && (
          <span className="secondary">
            <Hostile text={personText(entry.actor)} cap={40} />{' '}
          </span>
        )}
        {entry.alert_ids.slice(0, 3).map((id) => (
          <EvidenceChip key={id} evidence={id} onOpen={onEvidence} />
        ))}
        {entry.alert_ids.length > 3 && <span className="muted">and {entry.alert_ids.length - 3} more</span>}
      </span>
    </li>
  );
}
