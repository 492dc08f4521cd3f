// Whose decisions and of which rules: who or what takes the time.
import { Link } from 'react-router';
import { Rows } from '@/shared/list/List';
import { Cell, NameButton, Table } from '@/shared/list/RowTable';
import { alertsWhere } from '@/shared/query/write';
import { percent, total } from '@/shared/text/words';
import { Hostile } from '@/shared/ui/Hostile';
import { minutesText, type Measures } from '../desk';
import css from './Desk.module.css';

const minutes = (value: number | null) => (value === null ? 'none' : minutesText(value));

const people = [
  { title: 'Person' },
  { title: 'Decided', look: 'number' },
  { title: 'p50', look: 'number' },
  { title: 'p90', look: 'number' },
] as const;

export function ByPerson({ measures, onPerson }: { measures: Measures; onPerson: (who: string) => void }) {
  return (
    <section className={css['part']} aria-label="By person">
      <h2>By person</h2>
      {measures.people.length === 0 ? (
        <NothingDecided />
      ) : (
        <Rows>
          <Table columns={people}>
            {measures.people.map(({ actor, minutes_to_decide: spread }) => (
              <tr key={actor}>
                <td>
                  <NameButton onClick={() => onPerson(actor)}>
                    <Hostile text={actor} cap={60} />
                  </NameButton>
                </td>
                <Cell title="Decided" look="number">
                  <NameButton
                    label={`${total(spread.count)} decided, their rows`}
                    onClick={() => onPerson(actor)}
                  >
                    {total(spread.count)}
                  </NameButton>
                </Cell>
                <Cell title="p50" look="number">
                  {minutes(spread.p50)}
                </Cell>
                <Cell title="p90" look="number">
                  {minutes(spread.p90)}
                </Cell>
              </tr>
            ))}
          </Table>
        </Rows>
      )}
    </section>
  );
}

const rules = [
  { title: 'Rule', look: 'wide' },
  { title: 'Decided', look: 'number' },
  { title: 'Real', look: 'number' },
  { title: 'False', look: 'number' },
  { title: 'False share', look: 'number' },
  { title: 'p50', look: 'number' },
] as const;

export function ByRule({ measures }: { measures: Measures }) {
  return (
    <section className={css['part']} aria-label="By rule">
      <h2>By rule</h2>
      {measures.rules.length === 0 ? (
        <NothingDecided />
      ) : (
        <Rows>
          <Table columns={rules}>
            {measures.rules.map((rule) => {
              const where = [
                ['source', rule.source],
                ['type', rule.type],
              ] as const;
              return (
                <tr key={`${rule.source} ${rule.type}`}>
                  <td className={css['rule']}>
                    <Link to={alertsWhere(...where)}>
                      <Hostile text={`${rule.source} ${rule.type}`} cap={120} />
                    </Link>
                  </td>
                  <Cell title="Decided" look="number">
                    {total(rule.decided)}
                  </Cell>
                  <Cell title="Real" look="number">
                    <Link to={alertsWhere(...where, ['verdict', 'true_positive'])}>
                      {total(rule.true_positive)}
                    </Link>
                  </Cell>
                  <Cell title="False" look="number">
                    <Link to={alertsWhere(...where, ['verdict', 'false_positive'])}>
                      {total(rule.false_positive)}
                    </Link>
                  </Cell>
                  <Cell title="False share" look="number">
                    {rule.false_positive_share === null ? 'none' : percent(rule.false_positive_share)}
                  </Cell>
                  <Cell title="p50" look="number">
                    {minutes(rule.minutes_to_decide.p50)}
                  </Cell>
                </tr>
              );
            })}
          </Table>
        </Rows>
      )}
    </section>
  );
}

function NothingDecided() {
  return (
    <p className="secondary">
      Nothing was decided in this time. <Link to="/queue?list=alerts">Set a verdict in the queue</Link>, or
      choose a longer time.
    </p>
  );
}
