// The rows that a figure counts, of one shift or person when the address says so.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { kindOf, shortId } from '@/shared/api/wire';
import { Details, NotThereYet } from '@/shared/list/List';
import { Cell, Table } from '@/shared/list/RowTable';
import { count } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { useUrlState } from '@/shared/ui/useUrlState';
import {
  emptyHint,
  inShift,
  rowsQuery,
  titleOf,
  valueText,
  type Figure,
  type MeasureRow,
  type Shift,
} from '../desk';

interface Props {
  figure: Figure;
  days: number;
  shift: Shift | null;
  onClose: () => void;
}

const columns = [
  { title: 'What' },
  { title: 'Value', look: 'number' },
  { title: 'Who' },
  { title: 'When' },
] as const;

export function RowsPanel({ figure: { name, unit }, days, shift, onClose }: Props) {
  const [person, setPerson] = useUrlState('who');
  const list = useQuery(rowsQuery(name, days));
  const all = list.data?.items ?? [];
  const rows = all.filter((row) => inShift(row, shift) && (person === null || row.actor === person));
  return (
    <Details label="Rows of the figure" title={titleOf(name)} onClose={onClose}>
      <NotThereYet list={list} what="the rows" />
      {person !== null && (
        <p>
          Only of <Hostile text={person} cap={60} />.{' '}
          <Button onClick={() => setPerson(null)}>Of everybody</Button>
        </p>
      )}
      {list.isSuccess && rows.length === 0 && (
        <Empty
          text={all.length === 0 ? emptyHint(name) : 'No row of this figure is of this shift and person.'}
        />
      )}
      {rows.length > 0 && (
        <>
          <p className="muted">
            {count(rows.length, 'row')}, largest first
            {list.data?.in_part && `, of the largest ${all.length} of ${list.data.total}`}
          </p>
          <Table columns={columns}>
            {rows.map((row, i) => (
              <tr key={`${row.id} ${i}`}>
                <td>
                  <Name row={row} />
                </td>
                <Cell title="Value" look="number">
                  {unit === 'share'
                    ? row.value === 1
                      ? 'counts'
                      : 'does not count'
                    : valueText(row.value, unit)}
                </Cell>
                <Cell title="Who">
                  {row.actor ? <Hostile text={row.actor} cap={40} /> : <span className="muted">nobody</span>}
                </Cell>
                <Cell title="When">
                  <Moment at={row.at} />
                </Cell>
              </tr>
            ))}
          </Table>
        </>
      )}
    </Details>
  );
}

function Name({ row: { id } }: { row: MeasureRow }) {
  const kind = kindOf(id);
  if (kind) return <Link to={`/${kind}/${encodeURIComponent(id)}`}>{shortId(id)}</Link>;
  return <Hostile text={id} mono cap={60} />;
}
