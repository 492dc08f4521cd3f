import { queryOptions, useQuery } from '@tanstack/react-query';
import { get } from '@/shared/api/http';
import type { Occurrence, Page } from '@/shared/api/wire';
import { count } from '@/shared/text/words';
import { MonoBlock } from '@/shared/ui/Hostile';
import { Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import css from './AlertPage.module.css';

const occurrencesQuery = (id: string) =>
  queryOptions({
    queryKey: ['item', 'alerts', id, 'occurrences'],
    queryFn: ({ signal }) =>
      get<Page<Occurrence>>(`/api/v1/alerts/${encodeURIComponent(id)}/occurrences`, signal),
  });

export function Occurrences({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(occurrencesQuery(id));
  if (error) return <ProblemView error={error} what="The occurrences" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={3} what="the occurrences" />;
  return (
    <>
      <p className="secondary">
        {data.items.length < Number(data.total)
          ? `The newest ${data.items.length} of ${count(Number(data.total), 'occurrence')}`
          : count(data.items.length, 'occurrence')}
      </p>
      <ul className={css['occurrences']}>
        {data.items.map((occurrence, i) => (
          <li key={i}>
            <details>
              <summary>
                <Moment at={occurrence.occurred_at} ms />
              </summary>
              <MonoBlock
                text={JSON.stringify(occurrence.raw, null, 2)}
                label={`Raw record of occurrence ${i + 1}`}
              />
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}
