// Ready-to-run hunting queries: what the incident names is filled in, its time too.
import { useQuery } from '@tanstack/react-query';
import type { Queries } from '@/shared/api/wire';
import { useAttackTable } from '@/shared/facts/attack';
import { Button, copyText } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Icon } from '@/shared/ui/icons';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { useUrlState } from '@/shared/ui/useUrlState';
import { queriesQuery } from '../api/incident';
import css from './Tabs.module.css';

type Item = Queries['items'][number];

const languages: Record<Item['language'], string> = {
  kql: 'KQL',
  spl: 'SPL',
  esql: 'ES|QL',
  sql: 'SQL',
  sigma: 'Sigma',
};

export function QueriesTab({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(queriesQuery(id));
  const [platform, setPlatform] = useUrlState('platform');
  if (error) return <ProblemView error={error} what="The queries" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={8} what="the queries" />;
  if (data.items.length === 0)
    return (
      <Empty
        text={`No query: ${data.notes.join(' ') || 'the incident names no user, host or address to search for.'}`}
      />
    );
  const platforms = new Map(data.items.map((item) => [item.platform, item.platform_title]));
  const shown = data.items.filter((item) => !platform || item.platform === platform);
  return (
    <>
      <div className={css['choices']} role="group" aria-label="Platform">
        <Button
          aria-pressed={!platform}
          onClick={() => {
            setPlatform(null);
          }}
        >
          All {data.items.length}
        </Button>
        {[...platforms].map(([key, title]) => (
          <Button
            key={key}
            aria-pressed={platform === key}
            onClick={() => {
              setPlatform(platform === key ? null : key);
            }}
          >
            {title} {data.items.filter((item) => item.platform === key).length}
          </Button>
        ))}
      </div>
      {data.notes.map((note) => (
        <p key={note} className="secondary">
          <Hostile text={note} />
        </p>
      ))}
      {shown.length === 0 && <Empty text="No query for this platform. Choose another one above." />}
      {shown.map((item) => (
        <QueryCard key={item.id} item={item} />
      ))}
    </>
  );
}

function QueryCard({ item }: { item: Item }) {
  const language = languages[item.language];
  return (
    <article className={css['card']} aria-label={`${item.platform_title}: ${item.title}`}>
      <div className={css['cardHead']}>
        <h3>
          <span className="secondary">{item.platform_title}</span> {item.title}
        </h3>
        <div className={css['acts']}>
          {item.link && /^https?:\/\//i.test(item.link) && (
            <a className={css['linkButton']} href={item.link} target="_blank" rel="noopener noreferrer">
              <Icon name="external" /> Open in {item.platform_title}
            </a>
          )}
          <Button
            icon="copy"
            aria-label={`Copy ${language}: ${item.title}, ${item.platform_title}`}
            onClick={() => void copyText(item.query, `the ${language} query`)}
          >
            Copy {language}
          </Button>
        </div>
      </div>
      <p>{item.purpose}</p>
      <p className="secondary">
        <Why techniques={item.techniques} /> · <Moment at={item.from} /> to <Moment at={item.until} />
      </p>
      <MonoBlock text={item.query} label={`${language} query: ${item.title}`} />
      {item.notes.map((note) => (
        <p key={note} className={css['hint']}>
          <Hostile text={note} />
        </p>
      ))}
    </article>
  );
}

function Why({ techniques }: { techniques: readonly string[] }) {
  const table = useAttackTable();
  if (techniques.length === 0) return 'A general pivot';
  const nameOf = (id: string) =>
    table?.techniques.get(id)?.name ?? table?.tactics.find((tactic) => tactic.id === id)?.name ?? '';
  const names = techniques.map((id) => `${id} ${nameOf(id)}`.trim());
  return `Called for by ${names.join(', ')}`;
}
