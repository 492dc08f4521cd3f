// What came in and could not be read: why, the bytes, and another try.
import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { ApiError, get, post, query } from '@/shared/api/http';
import type { DeadLetter, IngestReply, Page } from '@/shared/api/wire';
import { NotThereYet, PageHead, Rows, ShowMore } from '@/shared/list/List';
import rows from '@/shared/list/list.module.css';
import { Cell, Table } from '@/shared/list/RowTable';
import { may } from '@/shared/session';
import { count, total } from '@/shared/text/words';
import { Button, CopyButton, Facts } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Boundary, Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import css from './DeadLettersPage.module.css';

const listQuery = infiniteQueryOptions({
  queryKey: ['dead-letters'],
  queryFn: ({ pageParam, signal }) =>
    get<Page<DeadLetter>>(
      `/api/v1/dead-letters${query({ limit: 100, cursor: pageParam, resolved: 'true' })}`,
      signal,
    ),
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor ?? undefined,
});

const letterQuery = (id: string) =>
  queryOptions({
    queryKey: ['dead-letters', id],
    queryFn: ({ signal }) =>
      get<DeadLetter & { body: string }>(`/api/v1/dead-letters/${encodeURIComponent(id)}`, signal),
  });

export default function DeadLettersPage() {
  const { id } = useParams();
  const list = useInfiniteQuery(listQuery);
  usePageTitle('Dead letters');
  const letters = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={css['page']}>
      <PageHead title="Dead letters">
        Input that could not be read is kept as it came. Nothing of it became an alert.
      </PageHead>
      <NotThereYet list={list} what="the dead letters" lines={8} />
      {list.isSuccess && letters.length === 0 && <Empty text="Everything that came in could be read." />}
      {letters.length > 0 && (
        <div className={css['split']}>
          <Rows>
            <p className="muted">{total(list.data?.pages[0]?.total)} kept</p>
            <Letters letters={letters} chosen={id} />
            <ShowMore list={list} />
          </Rows>
          {id && (
            <Boundary what="The dead letter" key={id}>
              <Letter id={id} />
            </Boundary>
          )}
        </div>
      )}
    </div>
  );
}

const columns = [
  { title: 'Received' },
  { title: 'Source' },
  { title: 'Reason', look: 'wide' },
  { title: 'State' },
] as const;

function Letters({ letters, chosen }: { letters: readonly DeadLetter[]; chosen: string | undefined }) {
  return (
    <Table columns={columns}>
      {letters.map((letter) => (
        <tr key={letter.id} className={letter.id === chosen ? rows['chosen'] : undefined}>
          <td>
            <Link to={`/dead-letters/${letter.id}`} aria-current={letter.id === chosen || undefined}>
              <Moment at={letter.received_at} />
            </Link>
          </td>
          <Cell title="Source">
            <Hostile text={letter.source} cap={40} />
          </Cell>
          <Cell title="Reason" look="wide">
            <Hostile text={letter.reason} cap={160} />
          </Cell>
          <Cell title="State">{letter.resolved ? 'Replayed' : count(letter.attempts, 'try', 'tries')}</Cell>
        </tr>
      ))}
    </Table>
  );
}

function Letter({ id }: { id: string }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(letterQuery(id));
  const replay = useMutation({
    mutationFn: () => post<IngestReply>(`/api/v1/dead-letters/${encodeURIComponent(id)}/replay`),
    onSuccess: (reply) => {
      toast({
        text: `Sent again: ${reply.accepted} accepted, ${count(reply.duplicates, 'duplicate')}, ${reply.rejected.length} still not readable.`,
      });
    },
    onError: (problem) => {
      toast({
        text: `Still not readable. ${problem instanceof ApiError ? problem.message : String(problem)}`,
      });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
  if (error) return <ProblemView error={error} what="The dead letter" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={6} what="the dead letter" />;
  return (
    <section className={css['letter']} aria-label="Dead letter">
      <div className={css['letterHead']}>
        <h2 className="mono">{id}</h2>
        <Button
          needs="faults.repair"
          look="primary"
          disabled={replay.isPending || data.resolved}
          onClick={() => {
            replay.mutate();
          }}
        >
          {data.resolved ? 'Replayed' : 'Replay dead letter'}
        </Button>
      </div>
      <Facts
        rows={[
          ['Reason', <Hostile key="r" text={data.reason} cap={1000} />],
          ['Source', <Hostile key="s" text={data.source} mono />],
          ['Content type', <Hostile key="c" text={data.content_type} mono />],
          ['Received', <Moment key="m" at={data.received_at} ms />],
          ['Tries', String(data.attempts)],
        ]}
      />
      <div className={css['letterHead']}>
        <h3>Body{data.truncated ? ', cut at 1 MiB' : ''}</h3>
        {may('alerts.ingest') && (
          <Link to={`/mappings?letter=${encodeURIComponent(id)}`}>Try a mapping on it</Link>
        )}
        <CopyButton text={data.body} what="the body" />
      </div>
      <MonoBlock text={data.body} label="Body" cap={100_000} />
    </section>
  );
}
