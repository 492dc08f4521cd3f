// One record: who, from where, why, and each field before and after.
import { Link } from 'react-router';
import type { AuditRecord } from '@/shared/api/wire';
import { Acts, Details } from '@/shared/list/List';
import { Button, CopyButton, Facts } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { changesOf, kindWord, placeOf, type Change, type Filter } from '../audit';
import css from './AuditPage.module.css';

interface Props {
  record: AuditRecord;
  onFilter: (filter: Partial<Filter>) => void;
  onClose: () => void;
}

export function RecordPanel({ record, onFilter, onClose }: Props) {
  return (
    <Details label="Record" title={`Record ${record.number}`} onClose={onClose}>
      <Facts rows={factsOf(record)} />
      <h3>What changed</h3>
      <Changes changes={changesOf(record)} />
      <Acts>
        <Button onClick={() => onFilter({ actor: record.actor })}>All by this actor</Button>
        {record.object_id !== '' && (
          <Button onClick={() => onFilter({ object: record.object_id })}>All of this object</Button>
        )}
      </Acts>
      <h3>Chain</h3>
      <Facts
        rows={[
          ['Hash', <Hash key="h" hash={record.hash} what="the hash" />],
          ['Before it', <Hash key="p" hash={record.prev_hash} what="the hash before" />],
        ]}
      />
    </Details>
  );
}

function factsOf(record: AuditRecord) {
  const place = placeOf(record);
  const object = <Hostile text={record.object_id === '' ? 'several' : record.object_id} cap={200} />;
  return [
    ['When', <Moment key="w" at={record.at} ms />],
    [
      'Who',
      <span key="a">
        <Hostile text={record.actor} cap={200} />{' '}
        <span className="muted">({kindWord(record.actor_kind)})</span>
      </span>,
    ],
    ['From', record.address === '' ? 'this machine' : <Hostile key="f" text={record.address} cap={200} />],
    ['What was done', record.action],
    ['To what', place ? <Link to={place}>{object}</Link> : object],
    ['Why', <Hostile key="y" text={record.reason} cap={1000} />],
    ['Trace', record.trace_id === '' ? 'none' : <code key="t">{record.trace_id}</code>],
  ] as const;
}

function Hash({ hash, what }: { hash: string; what: string }) {
  return (
    <span>
      <code title={hash}>{hash.slice(0, 16)}…</code> <CopyButton text={hash} what={what} />
    </span>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p className="muted">It says nothing more.</p>;
  return (
    <table className={css['changes']}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td>
              {before === undefined ? (
                <span className="muted">–</span>
              ) : (
                <Hostile text={before} cap={4000} lines />
              )}
            </td>
            <td>
              {after === undefined ? (
                <span className="muted">–</span>
              ) : (
                <Hostile text={after} cap={4000} lines />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
