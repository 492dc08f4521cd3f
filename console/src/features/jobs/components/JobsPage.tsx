// Work that goes on behind the screens: what waits, what runs, what failed and why.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { statsQuery } from '@/shared/api/stats';
import type { Job } from '@/shared/api/wire';
import {
  Bar,
  NotThereYet,
  PageHead,
  Rows,
  ShowMore,
  Split,
  StateFilter,
  useRowKeys,
} from '@/shared/list/List';
import { RowTable, type Column } from '@/shared/list/RowTable';
import { count, total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import { jobsQuery, kindWord, stateOf, states, stateWord, type State } from '../jobs';
import { Behind } from './Behind';
import { JobPanel } from './JobPanel';

const columns: readonly [Column<Job>, ...Column<Job>[]] = [
  { title: 'Job', cell: (job) => kindWord(job.kind) },
  { title: 'State', cell: (job) => stateWord(job.state), warns: (job) => job.state === 'dead' },
  { title: 'Tries', cell: (job) => `${job.attempts} of ${job.max_attempts}` },
  { title: 'When', cell: (job) => <Moment at={job.run_at} /> },
  { title: 'Last error', look: 'wide', cell: (job) => <Hostile text={job.last_error} cap={160} /> },
];

export default function JobsPage() {
  const [asked, setAsked] = useUrlState('state');
  const [chosen, setChosen] = useUrlState('job');
  const state = stateOf(asked);
  const list = useInfiniteQuery(jobsQuery(state));
  usePageTitle('Jobs');
  const jobs = list.data?.pages.flatMap((page) => page.items) ?? [];
  const current = jobs.find((job) => job.id === chosen);
  useRowKeys({ one: 'job', ids: jobs.map(({ id }) => id), chosen, choose: setChosen });
  return (
    <div>
      <Head />
      <Filter state={state} onState={setAsked} />
      <NotThereYet list={list} what="the jobs" />
      {list.isSuccess && jobs.length === 0 && <Nothing state={state} onAll={() => setAsked(null)} />}
      {jobs.length > 0 && (
        <Split
          details={current && <JobPanel key={current.id} job={current} onClose={() => setChosen(null)} />}
        >
          <Rows>
            <p className="muted">{total(list.data?.pages[0]?.total)} kept</p>
            <RowTable
              rows={jobs}
              columns={columns}
              idOf={({ id }) => id}
              chosen={chosen}
              onChoose={setChosen}
            />
            <ShowMore list={list} />
          </Rows>
        </Split>
      )}
      <Behind />
    </div>
  );
}

function Head() {
  const stats = useQuery(statsQuery).data;
  return (
    <PageHead title="Jobs">
      A job that fails is tried again, later each time. One that failed for good stays here until it is given
      another round or discarded.{' '}
      {stats && stats.dead_letters > 0 && (
        <Link to="/dead-letters">{count(stats.dead_letters, 'dead letter')} could not be read</Link>
      )}
    </PageHead>
  );
}

function Filter({ state, onState }: { state: State | null; onState: (state: State | null) => void }) {
  const jobs = useQuery(statsQuery).data?.jobs;
  const counts: Partial<Record<State, number | undefined>> = { waiting: jobs?.waiting, dead: jobs?.dead };
  const shown = states.map(([name, word]) => {
    const n = counts[name];
    return n === undefined ? ([name, word] as const) : ([name, word, total(n)] as const);
  });
  return (
    <Bar>
      <StateFilter states={shown} state={state} onState={onState} />
    </Bar>
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
