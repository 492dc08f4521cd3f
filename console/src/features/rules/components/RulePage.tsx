// One rule: whose it is, what it says, what it did, and what the tenant makes of it.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { ApiError } from '@/shared/api/http';
import type { RuleDetail } from '@/shared/api/wire';
import { useAttackTable } from '@/shared/facts/attack';
import { useActions } from '@/shared/keys/registry';
import { count, percent, total } from '@/shared/text/words';
import { CopyButton, Facts, Panel } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { SeverityMark } from '@/shared/ui/Severity';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { alertsOf, falseText, ruleQuery, severityOf, sourceText } from '../rules';
import { Backtest } from './Backtest';
import { Exceptions } from './Exceptions';
import { Settings } from './Settings';
import css from './Rules.module.css';

export default function RulePage() {
  const { id = '' } = useParams();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(ruleQuery(id));
  usePageTitle(data ? data.title : 'Rule');
  useActions([
    {
      id: 'back',
      title: 'Back to the rules',
      group: 'Go to',
      keys: ['Escape'],
      run: () => void (history.length > 1 ? navigate(-1) : navigate('/rules')),
    },
  ]);
  if (error instanceof ApiError && error.status === 404)
    return (
      <Empty text="This rule is not loaded. Its file may be gone, or its id is another now.">
        <Link to="/rules">All rules</Link>
        <Link to="/rules/files">Files and what was refused</Link>
      </Empty>
    );
  if (error && !data) return <ProblemView error={error} what="The rule" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={12} what="the rule" />;
  return <Shown key={data.id} rule={data} />;
}

function Shown({ rule }: { rule: RuleDetail }) {
  return (
    <div className={css['rulePage']}>
      <div className={css['ruleHead']}>
        <Link to="/rules">All rules</Link>
        <h1>
          <Hostile text={rule.title} cap={400} />
        </h1>
        <div className={css['line']}>
          <SeverityMark severity={severityOf(rule.level)} />
          <span>
            {rule.kind === 'correlation' ? 'Correlation' : 'Rule'} by{' '}
            <Hostile text={rule.author || 'nobody named'} cap={200} />
          </span>
          <Settings rule={rule} />
        </div>
      </div>
      <div className={css['grid']}>
        <div>
          <Panel title="What it looks for">
            <p className={css['description']}>
              {rule.description ? (
                <Hostile text={rule.description} cap={4000} lines />
              ) : (
                'Its author does not say.'
              )}
            </p>
            <Facts rows={about(rule)} />
          </Panel>
          <Panel title="ATT&CK">
            <Techniques rule={rule} />
          </Panel>
          {rule.known_false_positives.length > 0 && (
            <Panel title="Known false positives, by its author">
              <Lines lines={rule.known_false_positives} />
            </Panel>
          )}
          {rule.references.length > 0 && (
            <Panel title="References">
              <Lines lines={rule.references} />
            </Panel>
          )}
        </div>
        <div>
          <Panel title="What it did">
            <Facts rows={done(rule)} />
          </Panel>
          <Backtest id={rule.id} />
          <Exceptions rule={rule} />
          <Panel
            title="As its author wrote it"
            aside={rule.text !== null && <CopyButton text={rule.text} what="the rule" />}
          >
            {rule.text === null ? (
              <p className="secondary">Its file is gone; what was loaded from it is still in force.</p>
            ) : (
              <MonoBlock text={rule.text} label="Text of the rule" />
            )}
          </Panel>
        </div>
      </div>
    </div>
  );
}

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul className={css['plainList']}>
      {lines.map((line, i) => (
        <li key={i}>
          <Hostile text={line} cap={1000} />
        </li>
      ))}
    </ul>
  );
}

function about(rule: RuleDetail) {
  return [
    ['Log source', <Hostile key="s" text={sourceText(rule)} />],
    ['Status', <Hostile key="st" text={rule.status ?? 'not said'} />],
    [
      'File',
      <span key="f">
        <Hostile text={rule.file} mono cap={400} />, line {rule.line}
      </span>,
    ],
    ['Id', <Hostile key="i" text={rule.id} mono cap={400} />],
    ['Licence', <Hostile key="l" text={rule.license || 'not said'} cap={200} />],
    ['Tags', <Hostile key="t" text={rule.tags.join(', ')} cap={1000} />],
  ] as const;
}

function done(rule: RuleDetail) {
  return [
    ['Last 24 hours', <Matches key="d" rule={rule} n={rule.matches_24h} within="age<25h" />],
    ['Last 7 days', <Matches key="w" rule={rule} n={rule.matches_7d} within="age<169h" />],
    [
      'Since the rules were loaded',
      rule.since ? (
        <span key="s">
          {count(rule.matches, 'event')}, since <Moment at={rule.since} />
        </span>
      ) : (
        'no event came since'
      ),
    ],
    [
      'Closed alerts that were false',
      rule.closed_alerts > 0 ? (
        <Link key="f" to={alertsOf(rule, ['status', 'closed'])}>
          {falseText(rule)}
        </Link>
      ) : (
        'none closed yet'
      ),
    ],
    ['Cost', <Cost key="c" rule={rule} />],
  ] as const;
}

function Matches({ rule, n, within }: { rule: RuleDetail; n: number; within: string }) {
  if (n === 0) return <>no event</>;
  return (
    <>
      {count(n, 'event')},{' '}
      <Link to={`${alertsOf(rule)}%20${encodeURIComponent(within)}`}>the alerts of it</Link>
    </>
  );
}

function Cost({ rule }: { rule: RuleDetail }) {
  if (rule.kind === 'correlation') return <>not measured: it reads what rules found</>;
  if (!rule.cost) return <>not measured yet: about one event in 64 is</>;
  return (
    <>
      {Math.round(rule.cost.us_per_1000_events * 10) / 10} µs per 1,000 events, {percent(rule.cost.share)} of
      the time of all rules, from {total(rule.cost.measured_events)} measured
    </>
  );
}

function Techniques({ rule }: { rule: RuleDetail }) {
  const table = useAttackTable();
  if (rule.techniques.length === 0 && rule.tactics.length === 0)
    return <p className="secondary">Its author names no technique.</p>;
  return (
    <ul className={css['plainList']}>
      {rule.tactics.map((id) => (
        <li key={id}>
          <Link to={`/rules?tactic=${encodeURIComponent(id)}`}>{id}</Link>{' '}
          {table?.tactics.find((one) => one.id === id)?.name ?? 'tactic'}
        </li>
      ))}
      {rule.techniques.map((id) => (
        <li key={id}>
          <Link to={`/rules?technique=${encodeURIComponent(id)}`}>{id}</Link>{' '}
          {table?.techniques.get(id)?.name ?? 'name not known'}
        </li>
      ))}
    </ul>
  );
}
