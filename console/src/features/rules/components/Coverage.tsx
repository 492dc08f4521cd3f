// ATT&CK by tactic: how many enabled rules look for each technique, and which techniques none looks for.
import { useMemo } from 'react';
import { Link } from 'react-router';
import { useAttackTable } from '@/shared/facts/attack';
import { Bar, NotThereYet } from '@/shared/list/List';
import { count, percent, total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Empty } from '@/shared/ui/states';
import { useActions } from '@/shared/keys/registry';
import { useUrlState } from '@/shared/ui/useUrlState';
import { coverageOf, stepOf, unknownOf, type Covered, type TacticCoverage } from '../coverage';
import { useAllRules } from '../useAllRules';
import css from './Coverage.module.css';

const rulesOf = (name: 'technique' | 'tactic', id: string) =>
  `/rules?${name}=${encodeURIComponent(id)}&on=yes`;

export function Coverage() {
  const { rules, list, reading } = useAllRules();
  const table = useAttackTable();
  const [gaps, setGaps] = useUrlState('gaps');
  const [subs, setSubs] = useUrlState('subs');
  const tactics = useMemo(() => (table ? coverageOf(rules, table) : []), [rules, table]);
  const turn = (value: string | null, set: (value: string | null) => void) =>
    set(value === null ? '1' : null);
  useActions([
    {
      id: 'gaps',
      title: 'Show techniques without a rule',
      group: 'View',
      keys: ['f'],
      run: () => turn(gaps, setGaps),
    },
    { id: 'subs', title: 'Show sub-techniques', group: 'View', keys: ['s'], run: () => turn(subs, setSubs) },
  ]);
  if (!list.data || !table) return <NotThereYet list={list} what="the rules" lines={12} />;
  if (rules.every(({ enabled }) => !enabled))
    return (
      <Empty text="No rule is on, so nothing is covered.">
        <Link to="/rules?on=no">Rules that are off</Link>
      </Empty>
    );
  const all = tactics.flatMap((tactic) => tactic.techniques);
  const known = new Map(all.map((one) => [one.id, one.rules]));
  const seen = [...known.values()].filter((n) => n > 0).length;
  const unknown = unknownOf(rules, table);
  return (
    <>
      <Bar>
        <Button keys="f" aria-pressed={gaps !== null} onClick={() => turn(gaps, setGaps)}>
          Techniques without a rule
        </Button>
        <Button keys="s" aria-pressed={subs !== null} onClick={() => turn(subs, setSubs)}>
          Sub-techniques
        </Button>
        <a href="/api/v1/rules/coverage" download="tocsin-coverage.json">
          Download the layer for ATT&CK Navigator
        </a>
      </Bar>
      <p className={css['said']}>
        {reading && 'Still reading. '}Enabled rules look for {seen} of {known.size} techniques (
        {percent(seen / known.size)}). A rule that names a technique finds one way of doing it, not every way.
        {unknown.length > 0 && ` Not in this version of ATT&CK: ${unknown.join(', ')}.`}
      </p>
      {/* A scrolling block must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={css['scroll']} tabIndex={0} role="region" aria-label="Coverage by tactic">
        <ol className={css['matrix']}>
          {tactics.map((tactic) => (
            <Tactic key={tactic.id} tactic={tactic} gaps={gaps !== null} subs={subs !== null} />
          ))}
        </ol>
      </div>
    </>
  );
}

function Tactic({ tactic, gaps, subs }: { tactic: TacticCoverage; gaps: boolean; subs: boolean }) {
  const shown = tactic.techniques.filter((one) => gaps || one.rules > 0);
  return (
    <li className={css['tactic']}>
      <h2>{tactic.name}</h2>
      <p className="secondary xs">
        {tactic.rules > 0 ? (
          <Link to={rulesOf('tactic', tactic.id)}>{count(tactic.rules, 'rule')}</Link>
        ) : (
          'no rule'
        )}
        , {tactic.covered} of {tactic.techniques.length} techniques
      </p>
      <ul>
        {shown.map((one) => (
          <li key={one.id}>
            <Technique technique={one} />
            {subs && one.subs.some((sub) => gaps || sub.rules > 0) && (
              <ul className={css['subs']}>
                {one.subs
                  .filter((sub) => gaps || sub.rules > 0)
                  .map((sub) => (
                    <li key={sub.id}>
                      <Technique technique={sub} />
                    </li>
                  ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

function Technique({ technique: { id, name, rules } }: { technique: Covered }) {
  if (rules === 0)
    return (
      <span className={`${css['cell']} ${css['none']}`}>
        <span className="muted">
          {id} {name}
        </span>
        <span className="muted">no rule</span>
      </span>
    );
  return (
    <Link className={css['cell']} data-step={stepOf(rules)} to={rulesOf('technique', id)}>
      <span>
        <b>{id}</b> {name}
      </span>{' '}
      <b>
        {total(rules)}
        <span className="sr-only"> {rules === 1 ? 'rule' : 'rules'}</span>
      </b>
    </Link>
  );
}
