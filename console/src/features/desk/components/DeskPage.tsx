// How the desk does: each figure with its sample and goal, and the rows that it counts.
import { useQueries, useQuery } from '@tanstack/react-query';
import { query } from '@/shared/api/http';
import { Bar, NotThereYet, PageHead, Rows, Split, useRowKeys } from '@/shared/list/List';
import { Cell, NameButton, Table } from '@/shared/list/RowTable';
import rows from '@/shared/list/list.module.css';
import { total } from '@/shared/text/words';
import { Moment } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import {
  daysOf,
  daysText,
  emptyHint,
  mainOf,
  measuresQuery,
  ofShift,
  pictureOf,
  ranges,
  reachesGoal,
  rowsQuery,
  shiftOf,
  shifts,
  titleOf,
  valueText,
  type Figure,
  type Measures,
  type Shift,
} from '../desk';
import { ByPerson, ByRule } from './Breakdowns';
import { RowsPanel } from './RowsPanel';
import css from './Desk.module.css';

export default function DeskPage() {
  const [askedDays, setDays] = useUrlState('days');
  const [askedShift, setShift] = useUrlState('shift');
  const [chosen, setChosen] = useUrlState('figure');
  const [, setPerson] = useUrlState('who');
  const days = daysOf(askedDays);
  const shift = shiftOf(askedShift);
  const measures = useQuery(measuresQuery(days));
  usePageTitle('Desk');
  const figures = measures.data?.figures ?? [];
  const current = figures.find(({ name }) => name === chosen);
  const open = (figure: string | null, person: string | null = null) => {
    setPerson(person);
    setChosen(figure);
  };
  useRowKeys({ one: 'figure', ids: figures.map(({ name }) => name), chosen, choose: open });
  return (
    <div>
      <PageHead title="Desk measures">
        From what people and keys did with alerts and incidents. Every figure opens the rows it counts.
      </PageHead>
      <Bar>
        <label className="controls">
          Time{' '}
          <select value={days} onChange={(event) => setDays(daysText(Number(event.target.value)))}>
            {!ranges.some(([n]) => n === days) && <option value={days}>Last {days} days</option>}
            {ranges.map(([n, word]) => (
              <option key={n} value={n}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <label className="controls">
          Shift{' '}
          <select value={shift ?? ''} onChange={(event) => setShift(event.target.value || null)}>
            <option value="">All shifts</option>
            {shifts.map(([name, word]) => (
              <option key={name} value={name}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <a href={`/api/v1/measures${query({ days, format: 'csv' })}`} download>
          Export CSV, all shifts
        </a>
      </Bar>
      <NotThereYet list={measures} what="the measures" lines={12} />
      {measures.data && (
        <>
          <Split
            details={
              current && (
                <RowsPanel
                  key={current.name}
                  figure={current}
                  days={days}
                  shift={shift}
                  onClose={() => open(null)}
                />
              )
            }
          >
            <Rows>
              <Reach measures={measures.data} />
              <Figures figures={figures} days={days} shift={shift} chosen={chosen} onChoose={open} />
            </Rows>
          </Split>
          <ByPerson measures={measures.data} onPerson={(who) => open('false_positive_share', who)} />
          <ByRule measures={measures.data} />
        </>
      )}
    </div>
  );
}

function Reach({ measures }: { measures: Measures }) {
  return (
    <p className="muted">
      <Moment at={measures.from} /> to <Moment at={measures.until} />
      {measures.in_part && '. More was decided: these are the newest 50,000'}
    </p>
  );
}

interface FiguresProps {
  figures: readonly Figure[];
  days: number;
  shift: Shift | null;
  chosen: string | null;
  onChoose: (figure: string) => void;
}

const columns = [
  { title: 'Figure' },
  { title: 'p50 or share', look: 'number' },
  { title: 'p90', look: 'number' },
  { title: 'Sample', look: 'number' },
  { title: 'Goal', look: 'wide' },
] as const;

function Figures({ figures, days, shift, chosen, onChoose }: FiguresProps) {
  const ofShifts = useOfShift(figures, days, shift);
  return (
    <Table columns={columns}>
      {figures.map((whole, i) => {
        const figure = shift === null ? whole : ofShifts[i];
        return (
          <tr key={whole.name} className={whole.name === chosen ? rows['chosen'] : undefined}>
            <td>
              <NameButton isChosen={whole.name === chosen} onClick={() => onChoose(whole.name)}>
                {titleOf(whole.name)}
              </NameButton>
            </td>
            {figure ? (
              <Values figure={figure} onChoose={onChoose} />
            ) : (
              <Cell title="Shift" look="wide">
                {figure === undefined ? 'Reading its rows' : 'More than 1,000 rows: choose fewer days'}
              </Cell>
            )}
          </tr>
        );
      })}
    </Table>
  );
}

// Of the shift; null: it has more rows than are read; undefined: not read yet.
function useOfShift(figures: readonly Figure[], days: number, shift: Shift | null) {
  return useQueries({
    queries: figures.map(({ name }) => ({ ...rowsQuery(name, days), enabled: shift !== null })),
    combine: (answers) =>
      answers.map(({ data }, i) => {
        const figure = figures[i];
        if (!data || !figure || shift === null) return undefined;
        return data.in_part ? null : ofShift(figure, data.items, shift);
      }),
  });
}

function Values({ figure, onChoose }: { figure: Figure; onChoose: (figure: string) => void }) {
  const { name, unit, count } = figure;
  const title = titleOf(name);
  if (mainOf(figure) === null)
    return (
      <td colSpan={4} className={rows['wide']}>
        <span className="secondary">No data yet. {emptyHint(name)}</span>
      </td>
    );
  const number = (column: string, value: number | null, text: string) => (
    <Cell title={column} look="number">
      {value === null ? (
        <span className="muted">none</span>
      ) : (
        <NameButton
          label={`${title}: ${text}, ${column.toLowerCase()}. Its rows`}
          onClick={() => onChoose(name)}
        >
          {text}
        </NameButton>
      )}
    </Cell>
  );
  const main = mainOf(figure);
  return (
    <>
      {number(unit === 'share' ? 'Share' : 'p50', main, valueText(main, unit))}
      {unit === 'share' ? <td /> : number('p90', figure.p90, valueText(figure.p90, unit))}
      {number('Sample', count, total(count))}
      <Cell title="Goal" look="wide">
        <Goal figure={figure} />
      </Cell>
    </>
  );
}

// The words say it; the picture shows how far.
function Goal({ figure }: { figure: Figure }) {
  const picture = pictureOf(figure);
  const reached = reachesGoal(figure);
  return (
    <div className={css['goal']}>
      {picture && (
        <span className={css['track']} aria-hidden>
          <span className={css['bar']} style={{ width: `${picture.bar}%` }} />
          {picture.tail !== null && <span className={css['tail']} style={{ left: `${picture.tail}%` }} />}
          {picture.goal !== null && <span className={css['line']} style={{ left: `${picture.goal}%` }} />}
        </span>
      )}
      {reached === null ? (
        <span className="muted">No goal is set</span>
      ) : (
        <span className={reached ? css['reached'] : css['missed']}>
          {reached ? 'Reached' : 'Not reached'}: {valueText(figure.goal, figure.unit)}
          {figure.before !== null && (
            <span className="muted">, desks begin at {valueText(figure.before, figure.unit)}</span>
          )}
        </span>
      )}
    </div>
  );
}
