// Which rules make noise, what it costs, what could be done about it, and what that would have hidden.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Bar, NotThereYet, PageHead, Rows } from '@/shared/list/List';
import { Cell, Table } from '@/shared/list/RowTable';
import { count, percent, total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import {
  daysOf,
  kDays,
  minutesText,
  noiseQuery,
  queueOf,
  ranges,
  searchOf,
  shareText,
  type Noise,
  type RuleNoise,
} from '../noise';
import { Proposals } from './Proposals';
import { Replay } from './Replay';
import css from './Noise.module.css';

export default function NoisePage() {
  const [asked, setDays] = useUrlState('days');
  const days = daysOf(asked);
  const noise = useQuery(noiseQuery(days));
  usePageTitle('Noise');
  return (
    <div className={css['page']}>
      <PageHead title="Noise">
        Which rules cost the most for nothing, from what people called their alerts. Nothing is applied by
        itself.
      </PageHead>
      <Bar>
        <div role="group" aria-label="Time" className={css['ranges']}>
          {ranges.map((n) => (
            <Button key={n} aria-pressed={n === days} onClick={() => setDays(n === kDays ? null : String(n))}>
              {n === 1 ? 'Last day' : `Last ${n} days`}
            </Button>
          ))}
        </div>
      </Bar>
      <NotThereYet list={noise} what="the noise" lines={10} />
      {noise.data && (
        <>
          <RuleTable noise={noise.data} days={days} />
          <Proposals noise={noise.data} days={days} />
        </>
      )}
      <Replay days={days} />
    </div>
  );
}

const columns = [
  { title: 'Rule', look: 'wide' },
  { title: 'False positives', look: 'number' },
  { title: 'Sample', look: 'number' },
  { title: 'Real', look: 'number' },
  { title: 'False', look: 'number' },
  { title: 'Alerts', look: 'number' },
  { title: 'With repeats', look: 'number' },
  { title: 'Minutes', look: 'number' },
] as const;

function RuleTable({ noise, days }: { noise: Noise; days: number }) {
  return (
    <section className={css['part']} aria-label="Rules">
      <h2>Rules</h2>
      {noise.rules.length === 0 ? (
        <p className="secondary">
          No alert came in this time. Choose a longer time, <Link to="/upload">upload some</Link> or look at{' '}
          <Link to="/sources">what sends</Link>.
        </p>
      ) : (
        <>
          <p className="muted">
            {count(noise.rules_seen, 'rule')} in {count(noise.alerts, 'alert')}
            {noise.in_part && ', the newest of more'}. Share with its 95% interval; minutes of people on the
            decided ones.
          </p>
          <Rows>
            <Table columns={columns}>
              {noise.rules.map((rule) => (
                <RuleRow key={`${rule.rule_id} ${rule.source} ${rule.type}`} rule={rule} days={days} />
              ))}
            </Table>
          </Rows>
          {noise.rules.every(({ decided }) => decided === 0) && (
            <p className="secondary">
              No share is known yet: nobody decided any of them.{' '}
              <Link to="/queue?list=alerts">Set verdicts in the queue</Link>.
            </p>
          )}
        </>
      )}
    </section>
  );
}

function RuleRow({ rule, days }: { rule: RuleNoise; days: number }) {
  const all = queueOf(searchOf(rule), days);
  const share = rule.false_positive_share;
  return (
    <tr>
      <td className={css['rule']}>
        <Link to={rule.rule_id ? `/rules/rule/${encodeURIComponent(rule.rule_id)}` : all}>
          <Hostile text={`${rule.source} ${rule.type}`} cap={120} />
        </Link>
      </td>
      <Cell title="False positives" look="number">
        {share === null ? (
          <span className="muted">{shareText(rule)}</span>
        ) : (
          <Link to={queueOf(searchOf(rule, 'false_positive'), days)} title={percent(share)}>
            {shareText(rule)}
          </Link>
        )}
      </Cell>
      <Cell title="Sample" look="number">
        <Link to={queueOf(`${searchOf(rule)} NOT verdict:undecided`, days)}>{total(rule.decided)}</Link>
      </Cell>
      <Cell title="Real" look="number">
        <Link to={queueOf(searchOf(rule, 'true_positive'), days)}>{total(rule.true_positive)}</Link>
      </Cell>
      <Cell title="False" look="number">
        <Link to={queueOf(searchOf(rule, 'false_positive'), days)}>{total(rule.false_positive)}</Link>
      </Cell>
      <Cell title="Alerts" look="number">
        <Link to={all}>{total(rule.alerts)}</Link>
      </Cell>
      <Cell title="With repeats" look="number">
        <Link to={all}>{total(rule.occurrences)}</Link>
      </Cell>
      <Cell title="Minutes" look="number">
        <Link to={queueOf(`${searchOf(rule)} NOT verdict:undecided`, days)}>{minutesText(rule.minutes)}</Link>
      </Cell>
    </tr>
  );
}
