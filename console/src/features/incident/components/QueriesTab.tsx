import { useQuery } from '@tanstack/react-query';
import { Button, copyText } from '@/shared/ui/basics';
import { MonoBlock } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { queriesQuery } from '../api/incident';
import css from './Tabs.module.css';

export function QueriesTab({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(queriesQuery(id));
  if (error) return <ProblemView error={error} what="The queries" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={8} what="the queries" />;
  if (data.items.length === 0)
    return <Empty text="No query: the incident names no user, host or address to search for." />;
  return data.items.map((item) => (
    <article key={`${item.language}${item.title}`} className={css['card']}>
      <div className={css['cardHead']}>
        <h3>
          {item.language.toUpperCase()} <span className="secondary">for {item.title}</span>
        </h3>
        <Button
          icon="copy"
          onClick={() => void copyText(item.query, `the ${item.language.toUpperCase()} query`)}
        >
          Copy query
        </Button>
      </div>
      <MonoBlock text={item.query} label={`${item.language.toUpperCase()} query`} />
    </article>
  ));
}
