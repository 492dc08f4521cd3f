import type { AlertItem } from '@/shared/api/wire';
import { Entities, Iocs } from '@/shared/facts/Facts';
import { count, kindWord, plain } from '@/shared/text/words';
import { Facts } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { SeverityMark } from '@/shared/ui/Severity';
import { Empty } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { useUrlState } from '@/shared/ui/useUrlState';
import css from './MappingsPage.module.css';

// What a record of a trial surely has; the rest of it is as in an alert.
type Record = Partial<AlertItem> & { kind: string };

export interface TrialReply {
  source: string;
  total: number;
  rejected: readonly { index: number; reason: string; pointer?: string }[];
  records: readonly Record[];
}

export function Outcome({ reply }: { reply: TrialReply }) {
  const [place, setPlace] = useUrlState('record');
  const at = Math.min(Math.max(0, Number(place ?? 0) || 0), Math.max(0, reply.records.length - 1));
  const record = reply.records[at];
  return (
    <>
      <p role="status">
        <b>{count(reply.total, 'record')}</b> of source <Hostile text={reply.source} mono cap={60} />
        {reply.rejected.length > 0 && <>, {count(reply.rejected.length, 'rejected record')}</>}. Nothing was
        stored.
        {reply.total > reply.records.length && ` The first ${reply.records.length} are shown.`}
      </p>
      {reply.rejected.length > 0 && (
        <ul className={css['rejected']} aria-label="Rejected">
          {reply.rejected.map((one) => (
            <li key={one.index}>
              Record {one.index + 1}
              {one.pointer && (
                <>
                  {' '}
                  at <Hostile text={one.pointer} mono cap={120} />
                </>
              )}
              : <Hostile text={one.reason} cap={400} />
            </li>
          ))}
        </ul>
      )}
      {!record && (
        <Empty text="The mapping was read, but nothing in the sample became a record. Check that records: names where the list stands." />
      )}
      {reply.records.length > 1 && (
        <label className={css['choose']}>
          <span className="secondary">Record</span>
          <select
            value={at}
            onChange={(event) => {
              setPlace(event.target.value === '0' ? null : event.target.value);
            }}
          >
            {reply.records.map((_, i) => (
              <option key={i} value={i}>
                {i + 1} of {reply.records.length}
              </option>
            ))}
          </select>
        </label>
      )}
      {record && <Shown record={record} />}
    </>
  );
}

function Shown({ record }: { record: Record }) {
  return (
    <>
      <Facts
        rows={[
          ['Kind', kindWord(record.kind)],
          ['Title', <Hostile key="t" text={record.title} />],
          ['Severity', record.severity ? <SeverityMark key="s" severity={record.severity} /> : 'none'],
          ['Occurred', record.occurred_at ? <Moment key="o" at={record.occurred_at} ms /> : 'none'],
          ['Type', <Hostile key="y" text={record.type} mono />],
          ['Source id', <Hostile key="i" text={record.source_id} mono />],
          ['Status', record.status ? plain(record.status) : 'none'],
        ]}
      />
      <h3 className={css['part']}>Who and where</h3>
      <Entities entities={record.entities ?? []} />
      <h3 className={css['part']}>Indicators</h3>
      <Iocs iocs={record.iocs ?? []} />
      <h3 className={css['part']}>The whole record</h3>
      <MonoBlock text={JSON.stringify(record, null, 2)} label="The whole record" cap={100_000} />
    </>
  );
}
