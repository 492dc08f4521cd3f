// Everything that the server counts of one source.
import { Link } from 'react-router';
import type { Source } from '@/shared/api/wire';
import { Details } from '@/shared/list/List';
import { may } from '@/shared/session';
import { duration, total } from '@/shared/text/words';
import { Facts } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { State } from './State';
import { TrustPanel } from './TrustPanel';

export function SourcePanel({ source, onClose }: { source: Source; onClose: () => void }) {
  return (
    <Details label="Source" title={<Hostile text={source.name} mono cap={60} />} onClose={onClose}>
      <Facts
        rows={[
          ['State', <State key="s" source={source} />],
          ['Way in', <Way key="w" source={source} />],
          ['Read as', <Hostile key="r" text={source.reads_as} mono cap={60} />],
          [
            'Last record',
            source.last_record_at ? (
              <Moment key="l" at={source.last_record_at} ms />
            ) : (
              <span className="muted">none since this server started</span>
            ),
          ],
          [
            'Expected',
            source.expected_interval_seconds > 0
              ? `every ${duration(source.expected_interval_seconds * 1000)}`
              : 'not configured, so its silence cannot be judged',
          ],
          ['Records', `${total(source.records)}, ${bytes(source.bytes)}`],
          [
            'Became',
            `${total(source.alerts)} new alerts, ${total(source.occurrences)} repeats, ${total(source.events)} events, ${total(source.duplicates)} known by id`,
          ],
          ['Unreadable', <Unreadable key="u" source={source} />],
          ['Cut at the limit', total(source.cut)],
          ['Lost unread', total(source.dropped)],
          ['Errors', total(source.errors)],
          ['Last error', <LastError key="e" source={source} />],
        ]}
      />
      {source.kind === 'source' && <TrustPanel key={source.name} source={source.name} />}
    </Details>
  );
}

function Way({ source }: { source: Source }) {
  if (source.kind === 'source') return <>webhook, API, listener or file</>;
  return (
    <>
      {source.transport.toUpperCase()} <Hostile text={source.address} mono cap={300} />
      {source.kind === 'listener' && source.transport !== 'udp' && `, ${source.connections} open now`}
    </>
  );
}

function Unreadable({ source }: { source: Source }) {
  if (source.unreadable === 0) return <>none</>;
  return (
    <>
      {total(source.unreadable)},{' '}
      {source.dead_letters > 0 && may('faults.read') ? (
        <Link to="/dead-letters">{total(source.dead_letters)} kept as dead letters</Link>
      ) : (
        `${total(source.dead_letters)} kept as dead letters`
      )}
      <ul>
        {source.unreadable_by_reason.map(({ reason, count }) => (
          <li key={reason}>
            {total(count)} <Hostile text={reason} cap={200} />
          </li>
        ))}
      </ul>
    </>
  );
}

function LastError({ source }: { source: Source }) {
  if (source.last_error === '') return <span className="muted">none</span>;
  return (
    <>
      <Hostile text={source.last_error} cap={400} />
      {source.last_error_at && (
        <>
          , <Moment at={source.last_error_at} />
        </>
      )}
    </>
  );
}

function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  return n < 1024 ** 2 ? `${(n / 1024).toFixed(1)} KiB` : `${(n / 1024 ** 2).toFixed(1)} MiB`;
}
