// Detection rules: what is loaded, what they did, what they cover, and what could not be read.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { useActions } from '@/shared/keys/registry';
import { total } from '@/shared/text/words';
import { Boundary, Empty } from '@/shared/ui/states';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { stateQuery } from '../rules';
import { TryText } from './Backtest';
import { Coverage } from './Coverage';
import { Exceptions } from './Exceptions';
import { Files } from './Files';
import { RuleList } from './RuleList';
import css from './Rules.module.css';

const tabs = [
  { path: '', title: 'Rules', view: () => <RuleList /> },
  { path: 'coverage', title: 'Coverage', view: () => <Coverage /> },
  { path: 'exceptions', title: 'Exceptions', view: () => <Exceptions /> },
  { path: 'try', title: 'Try a rule', view: () => <TryText /> },
  { path: 'files', title: 'Files', view: () => <Files /> },
] as const;

const addressOf = (path: string) => (path === '' ? '/rules' : `/rules/${path}`);

export default function RulesPage() {
  const { tab = '' } = useParams();
  const navigate = useNavigate();
  const here = tabs.find(({ path }) => path === tab);
  usePageTitle(here && tab !== '' ? `${here.title} · Rules` : 'Rules');
  useActions(
    tabs.map(({ path, title }, i) => ({
      id: `rules-${path}`,
      title: path === '' ? 'Rules: all rules' : `Rules: ${title.toLowerCase()}`,
      group: 'Go to' as const,
      keys: [String(i + 1)],
      run: () => void navigate(addressOf(path)),
    })),
  );
  return (
    <div className={css['page']}>
      <div className={css['head']}>
        <h1>Rules</h1>
        <Headline />
      </div>
      <nav className={css['tabs']} aria-label="Parts of the rules">
        {tabs.map(({ path, title }) => (
          <Link key={path} to={addressOf(path)} aria-current={path === tab ? 'page' : undefined}>
            {title}
          </Link>
        ))}
      </nav>
      <Boundary what="This part" key={tab}>
        {here ? (
          here.view()
        ) : (
          <Empty text="This part of the rules is not here.">
            <Link to="/rules">To the rules</Link>
          </Empty>
        )}
      </Boundary>
    </div>
  );
}

function Headline() {
  const { data } = useQuery(stateQuery);
  if (!data) return <p className="secondary">Rules turn raw events into alerts.</p>;
  return (
    <p className="secondary">
      {total(data.rules)} rules and {total(data.correlations)} correlations turn raw events into alerts.{' '}
      {data.refused.length > 0 ? (
        <Link to="/rules/files" className={css['warns']}>
          {total(data.refused.length)} refused
        </Link>
      ) : (
        <Link to="/rules/files">None refused</Link>
      )}
      {data.problem && <span className={css['warns']}> · The last reload changed nothing</span>}
    </p>
  );
}
