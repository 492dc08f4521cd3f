import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, get, post, query } from '@/shared/api/http';
import type { Job, Page, RebuildReport } from '@/shared/api/wire';
import { statsQuery } from '@/shared/api/stats';
import { count, plain, total } from '@/shared/text/words';
import { Button, Facts, Panel } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import css from './SourcesPage.module.css';

const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => get<Page<Job>>(`/api/v1/jobs${query({ limit: 100 })}`, signal),
});

export default function JobsPage() {
  const { data, error, refetch } = useQuery(jobsQuery);
  const stats = useQuery(statsQuery).data;
  usePageTitle('Jobs');
  return (
    <div>
      <div className={css['head']}>
        <h1>Jobs</h1>
        <p className="secondary">
          {data ? `${total(data.total)} kept.` : ''} A job that failed for good stays here until it is given
          another round.
        </p>
      </div>
      {stats && (
        <Panel title="Behind">
          <Facts
            rows={[
              ['Search', stats.search_behind === 0 ? 'caught up' : count(stats.search_behind, 'alert')],
              [
                'Correlation',
                stats.correlation_behind === 0 ? 'caught up' : count(stats.correlation_behind, 'alert'),
              ],
              ['Live screens', count(stats.live_clients, 'client')],
            ]}
          />
          <Rebuild />
        </Panel>
      )}
      {error && <ProblemView error={error} what="The list" onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} what="the jobs" />}
      {data?.items.length === 0 && <p className={css['none']}>No jobs are kept.</p>}
      {data && data.items.length > 0 && <Table jobs={data.items} />}
    </div>
  );
}

function Rebuild() {
  const client = useQueryClient();
  const rebuild = useMutation({
    mutationFn: (dryRun: boolean) => post<RebuildReport>(`/api/v1/incidents/rebuild?dry_run=${dryRun}`),
    onSuccess: (report) => {
      const verb = report.dry_run ? 'would change' : 'changed';
      toast({
        text: `Rebuild ${verb} ${count(report.incidents_changed, 'incident')} of ${report.clusters}; ${count(report.kept_decisions, 'decision')} kept.`,
      });
      void client.invalidateQueries({ queryKey: ['count'] });
    },
    onError: (problem) => {
      toast({ text: `Not rebuilt. ${problem instanceof ApiError ? problem.message : String(problem)}` });
    },
  });
  return (
    <div className={css['row']}>
      <Button
        disabled={rebuild.isPending}
        onClick={() => {
          rebuild.mutate(true);
        }}
      >
        Try a rebuild
      </Button>
      <Button
        disabled={rebuild.isPending}
        onClick={() => {
          rebuild.mutate(false);
        }}
      >
        Rebuild incidents
      </Button>
    </div>
  );
}

function Table({ jobs }: { jobs: readonly Job[] }) {
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: (id: string) => post(`/api/v1/jobs/${encodeURIComponent(id)}/retry`),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
  return (
    <div className={css['scroll']}>
      <table className={css['table']}>
        <thead>
          <tr>
            {['Kind', 'State', 'Tries', 'Next', 'Last error', 'Acts'].map((title) => (
              <th key={title} scope="col">
                {title === 'Acts' ? <span className="sr-only">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id}>
              <td title={job.id}>{plain(job.kind)}</td>
              <td>{plain(job.state)}</td>
              <td>
                {job.attempts} of {job.max_attempts}
              </td>
              <td>
                <Moment at={job.run_at} />
              </td>
              <td className={css['wide']}>
                <Hostile text={job.last_error} />
              </td>
              <td>
                {job.state === 'dead' && (
                  <Button
                    onClick={() => {
                      retry.mutate(job.id);
                    }}
                  >
                    Retry job
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
