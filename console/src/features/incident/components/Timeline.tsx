// What happened and what people did, in both orders; the phases of the attack above, silences and wrong clocks in it.
import { useQuery } from '@tanstack/react-query';
import type { Timeline as TimelineData, TimelineEntry } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { personText } from '@/shared/session';
import { usePrefs } from '@/shared/prefs/prefs';
import { clockText, dateText, zoneText } from '@/shared/text/time';
import { count, duration, plain } from '@/shared/text/words';
import { Button, EvidenceChip } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Icon } from '@/shared/ui/icons';
import { SeverityMark } from '@/shared/ui/Severity';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { useUrlState } from '@/shared/ui/useUrlState';
import { timelineQuery, type Order } from '../api/incident';
import { byDay, clockMarks, withGaps, type Clock, type Gap } from '../timeline';
import { Clocks, Phases, clockWords } from './Phases';
import tabs from './Tabs.module.css';
import css from './Timeline.module.css';

type Open = (alert: string, pointer: string) => void;

export function Timeline({ id, onEvidence }: { id: string; onEvidence: Open }) {
  const [orderText, setOrder] = useUrlState('order');
  const order: Order = orderText === 'newest' ? 'newest' : 'oldest';
  const { data, error, refetch } = useQuery(timelineQuery(id, order));
  const reverse = () => {
    setOrder(order === 'oldest' ? 'newest' : null);
  };
  useActions([
    {
      id: 'timeline-order',
      title: order === 'oldest' ? 'Timeline: newest first' : 'Timeline: oldest first',
      group: 'View',
      keys: ['r'],
      run: reverse,
    },
  ]);
  if (error) return <ProblemView error={error} what="The timeline" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={10} what="the timeline" />;
  if (data.items.length === 0)
    return (
      <Empty text="No events. The alerts of this incident were moved to another one; the notice at the top leads there." />
    );
  return <Shown id={id} data={data} order={order} onReverse={reverse} onEvidence={onEvidence} />;
}

interface ShownProps {
  id: string;
  data: TimelineData;
  order: Order;
  onReverse: () => void;
  onEvidence: Open;
}

function Shown({ id, data, order, onReverse, onEvidence }: ShownProps) {
  const [phase, setPhase] = useUrlState('phase');
  const { zone } = usePrefs();
  const marks = clockMarks(data.clocks);
  const own = phase ? data.items.filter((item) => item.tactics.includes(phase)) : data.items;
  const rows = withGaps(own, phase ? [] : data.gaps, order);
  return (
    <>
      <Phases id={id} timeline={data} chosen={phase} onChoose={setPhase} />
      <Clocks id={id} clocks={data.clocks} />
      <div className={tabs['bar']}>
        <select
          className={tabs['select']}
          aria-label="Order"
          title="Order (r)"
          value={order}
          onChange={onReverse}
        >
          <option value="oldest">Oldest first</option>
          <option value="newest">Newest first</option>
        </select>
        {phase && (
          <Button
            icon="close"
            onClick={() => {
              setPhase(null);
            }}
          >
            Only {data.phases.find((one) => one.tactic === phase)?.name ?? phase}
          </Button>
        )}
        <span className="muted">
          {counted(data, own.length, order, phase !== null)}, times in {zoneText(zone)}
        </span>
      </div>
      {own.length === 0 && (
        <Empty text="No entry of this phase is among those shown.">
          <Button
            onClick={() => {
              setPhase(null);
            }}
          >
            Show all entries
          </Button>
        </Empty>
      )}
      {byDay(rows, (iso) => dateText(iso, zone), order).map(([day, entries]) => (
        <div key={day}>
          <h3 className={css['day']}>{day}</h3>
          <ol className={css['events']}>
            {entries.map((row, i) =>
              row.kind === 'gap' ? (
                <Silence key={row.gap.from} gap={row.gap} />
              ) : (
                <Entry
                  key={`${row.entry.at}${i}`}
                  entry={row.entry}
                  clock={row.entry.alert_ids.map((one) => marks.get(one)).find(Boolean)}
                  onEvidence={onEvidence}
                />
              ),
            )}
          </ol>
        </div>
      ))}
    </>
  );
}

function counted(data: TimelineData, shown: number, order: Order, filtered: boolean): string {
  if (filtered) return `${count(shown, 'entry', 'entries')} of this phase`;
  if (data.items.length >= data.total) return count(data.total, 'entry', 'entries');
  const end = order === 'oldest' ? 'first' : 'newest';
  return `The ${end} ${data.items.length.toLocaleString('en')} of ${count(data.total, 'entry', 'entries')}`;
}

// Measured: nothing came although the sources were heard. Blindness is not known here and not drawn.
function Silence({ gap }: { gap: Gap }) {
  return (
    <li className={css['gap']}>
      <span>No alert for {duration(gap.seconds * 1000)}</span>
    </li>
  );
}

interface EntryProps {
  entry: TimelineEntry;
  clock: Clock | undefined;
  onEvidence: Open;
}

function Entry({ entry, clock, onEvidence }: EntryProps) {
  const { zone } = usePrefs();
  return (
    <li>
      <time
        dateTime={entry.at}
        title={`Reached this server ${dateText(entry.recorded_at, zone)} ${clockText(entry.recorded_at, zone, true)}`}
        className={`${css['time']} mono`}
      >
        {clockText(entry.at, zone, true)}
      </time>
      <span className={css['dot']}>
        {entry.severity ? <SeverityMark severity={entry.severity} dot /> : <span aria-hidden>·</span>}
      </span>
      <span className={css['kind']} title={entry.source ?? undefined}>
        {entry.source ? <Hostile text={entry.source} cap={60} /> : plain(entry.kind)}
      </span>
      <span className={css['event']}>
        <Hostile text={entry.title} />
        {entry.detail !== '' && entry.detail !== `${entry.source}, ${entry.severity}` && (
          <span className="secondary">
            {' '}
            <Hostile text={entry.detail} cap={300} />
          </span>
        )}
        {clock && (
          <span className={css['clock']}>
            <Icon name="clock" /> {clockWords(clock)}
          </span>
        )}
      </span>
      <span className={css['chips']}>
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
