// Work that goes on behind the screens: what waits, what runs, what failed and why.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { statsQuery } from '@/shared/api/stats';
import type { Job } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { count, total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import { jobsQuery, kindWord, stateOf, states, stateWord, type State } from '../jobs';
import { Behind } from './Behind';
import { JobPanel } from './JobPanel';
import css from './JobsPage.module.css';

export default function JobsPage() {
  const [asked, setAsked] = useUrlState('state');
  const [chosen, setChosen] = useUrlState('job');
  const state = stateOf(asked);
  const list = useInfiniteQuery(jobsQuery(state));
  usePageTitle('Jobs');
  const jobs = list.data?.pages.flatMap((page) => page.items) ?? [];
  const current = jobs.find((job) => job.id === chosen);
  useMoves(jobs, chosen, setChosen, state, setAsked);
  return (
    <div>
      <Head />
      <Filter state={state} onState={setAsked} />
      {list.isError && <ProblemView error={list.error} what="The list" onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading lines={6} what="the jobs" />}
      {list.isSuccess && jobs.length === 0 && <Nothing state={state} onAll={() => setAsked(null)} />}
      {jobs.length > 0 && (
        <div className={css['split']}>
          <div className={css['list']}>
            <Table jobs={jobs} chosen={chosen} onChoose={setChosen} kept={list.data?.pages[0]?.total} />
            {list.hasNextPage && (
              <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                Show more
              </Button>
            )}
          </div>
          {current && <JobPanel key={current.id} job={current} onClose={() => setChosen(null)} />}
        </div>
      )}
      <Behind />
    </div>
  );
}

function Head() {
  const stats = useQuery(statsQuery).data;
  return (
    <div className={css['head']}>
      <h1>Jobs</h1>
      <p className="secondary">
        A job that fails is tried again, later each time. One that failed for good stays here until it is
        given another round or discarded.{' '}
        {stats && stats.dead_letters > 0 && (
          <Link to="/dead-letters">{count(stats.dead_letters, 'dead letter')} could not be read</Link>
        )}
      </p>
    </div>
  );
}

function Filter({ state, onState }: { state: State | null; onState: (state: string | null) => void }) {
  const stats = useQuery(statsQuery).data;
  const counts: Partial<Record<State, number | undefined>> = {
    waiting: stats?.jobs.waiting,
    dead: stats?.jobs.dead,
  };
  return (
    <div className={css['bar']} role="group" aria-label="State">
      <Button aria-pressed={state === null} keys="f" onClick={() => onState(null)}>
        All
      </Button>
      {states.map(([name, word]) => (
        <Button key={name} aria-pressed={state === name} onClick={() => onState(name)}>
          {word}
          {counts[name] !== undefined && <span className="muted"> {total(counts[name])}</span>}
        </Button>
      ))}
    </div>
  );
}

const nothingWords: Record<State, string> = {
  waiting: 'waits',
  leased: 'is running',
  dead: 'has failed for good',
  done: 'was done in the last day',
};

function Nothing({ state, onAll }: { state: State | null; onAll: () => void }) {
  if (state === null) return <Empty text="No jobs: nothing waits, nothing runs, nothing failed." />;
  return (
    <Empty text={`No job ${nothingWords[state]}.`}>
      <Button onClick={onAll}>All jobs</Button>
    </Empty>
  );
}

// j and k go through the rows, f through the states.
function useMoves(
  jobs: readonly Job[],
  chosen: string | null,
  choose: (id: string | null) => void,
  state: State | null,
  setState: (state: string | null) => void,
) {
  const step = (by: number) => {
    const at = jobs.findIndex((job) => job.id === chosen);
    const next = jobs[Math.max(0, Math.min(jobs.length - 1, at + by))];
    if (next) choose(next.id);
  };
  const nextState = () => {
    const order: readonly (State | null)[] = [null, ...states.map(([name]) => name)];
    setState(order[(order.indexOf(state) + 1) % order.length] ?? null);
  };
  useActions([
    { id: 'job-state', title: 'Show jobs of the next state', group: 'View', keys: ['f'], run: nextState },
    { id: 'next', title: 'Next job', group: 'Move', keys: ['j'], run: () => step(1) },
    { id: 'previous', title: 'Previous job', group: 'Move', keys: ['k'], run: () => step(-1) },
    { id: 'back', title: 'Close the details', group: 'View', keys: ['Escape'], run: () => choose(null) },
  ]);
}

interface TableProps {
  jobs: readonly Job[];
  chosen: string | null;
  onChoose: (id: string) => void;
  kept: number | string | undefined;
}

function Table({ jobs, chosen, onChoose, kept }: TableProps) {
  return (
    <>
      <p className="muted">{total(kept)} kept</p>
      <table className={css['table']}>
        <thead>
          <tr>
            {['Job', 'State', 'Tries', 'When', 'Last error'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id} className={job.id === chosen ? css['chosen'] : undefined}>
              <td>
                <button
                  type="button"
                  className={css['name']}
                  aria-current={job.id === chosen || undefined}
                  onClick={() => onChoose(job.id)}
                >
                  {kindWord(job.kind)}
                </button>
              </td>
              <td className={css[job.state]}>{stateWord(job.state)}</td>
              <td>
                {job.attempts} of {job.max_attempts}
              </td>
              <td>
                <Moment at={job.run_at} />
              </td>
              <td className={css['wide']}>
                <Hostile text={job.last_error} cap={160} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
