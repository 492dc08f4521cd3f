// Incidents like this one, what is alike, and what became of them.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { shortId, type SimilarIncidents, type Verdict } from '@/shared/api/wire';
import { reasonText } from '@/shared/decide/reasons';
import { useAttackTable } from '@/shared/facts/attack';
import { count, percent, plain, verdictWords } from '@/shared/text/words';
import { Hostile } from '@/shared/ui/Hostile';
import { SeverityMark } from '@/shared/ui/Severity';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Age } from '@/shared/ui/TimeText';
import { similarQuery } from '../api/incident';
import css from './Tabs.module.css';

type Like = SimilarIncidents['items'][number];

export function SimilarTab({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(similarQuery(id));
  if (error) return <ProblemView error={error} what="The similar incidents" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={6} what="the similar incidents" />;
  if (data.items.length === 0)
    return (
      <Empty text="No stored incident shares a technique, a kind of alert or an entity with this one. It may be the first of its kind: closing it with a reason helps the next one.">
        <Link to="/queue?list=incidents&q=">All incidents</Link>
      </Empty>
    );
  return (
    <>
      <p className={css['summary']}>{summary(data.items)}</p>
      <ul>
        {data.items.map((item) => (
          <Line key={item.id} item={item} />
        ))}
      </ul>
    </>
  );
}

// "3 of 5 are closed: 2 real attack, 1 false alarm."
function summary(items: readonly Like[]): string {
  const closed = items.filter((item) => item.status === 'closed');
  if (closed.length === 0) return `${count(items.length, 'incident')} like it, none of them decided yet.`;
  const verdicts = new Map<string, number>();
  for (const { verdict } of closed) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const words = [...verdicts].map(([verdict, n]) => `${n} ${verdictText(verdict).toLowerCase()}`);
  return `${closed.length} of ${items.length} are closed: ${words.join(', ')}.`;
}

function verdictText(verdict: string): string {
  return verdictWords[verdict as Verdict];
}

function Line({ item }: { item: Like }) {
  return (
    <li className={css['like']}>
      <div className={css['score']}>
        <b>{percent(item.score)}</b>
        <span className="muted">alike</span>
      </div>
      <div>
        <p>
          <SeverityMark severity={item.severity} />{' '}
          <Link to={`/incidents/${item.id}`} title={item.id}>
            <span className="mono">{shortId(item.id)}</span>
          </Link>{' '}
          <Hostile text={item.title} cap={160} />
        </p>
        <p>
          Alike: <Hostile text={item.reason} />
        </p>
        <Shared shared={item.shared} />
        <p className="secondary">
          {count(item.alert_count, 'alert')}, last <Age at={item.last_seen} /> ago ·{' '}
          {item.status === 'closed' ? (
            <>
              Closed as {verdictText(item.verdict).toLowerCase()}
              {item.close_reason && (
                <>
                  : <Hostile text={reasonText(item.close_reason)} />
                </>
              )}
            </>
          ) : (
            `${plain(item.status)}, not decided yet`
          )}
        </p>
      </div>
    </li>
  );
}

function Shared({ shared }: { shared: Like['shared'] }) {
  const table = useAttackTable();
  const named = (id: string) => {
    const name = table?.techniques.get(id)?.name;
    return name ? `${id} ${name}` : id;
  };
  const parts = [
    ['Techniques', shared.techniques.map(named)],
    ['Kinds of alert', shared.types],
    ['Entities', shared.entities],
  ] as const;
  return (
    <p className="secondary">
      {parts
        .filter(([, values]) => values.length > 0)
        .map(([title, values], i) => (
          <span key={title}>
            {i > 0 && ' · '}
            {title}: <Hostile text={values.slice(0, 6).join(', ')} mono cap={300} />
            {values.length > 6 && ` and ${values.length - 6} more`}
          </span>
        ))}
    </p>
  );
}
