// What follows behind the acknowledgement of an alert, and the rebuild of all incidents.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { post, reasonOf } from '@/shared/api/http';
import { statsQuery } from '@/shared/api/stats';
import type { RebuildReport } from '@/shared/api/wire';
import { Acts } from '@/shared/list/List';
import { count } from '@/shared/text/words';
import { Button, Facts, Panel } from '@/shared/ui/basics';
import { toast } from '@/shared/ui/toasts';

export function Behind() {
  const stats = useQuery(statsQuery).data;
  if (!stats) return null;
  const behind = (alerts: number) => (alerts === 0 ? 'caught up' : count(alerts, 'alert'));
  return (
    <Panel title="Behind">
      <Facts
        rows={[
          ['Search', behind(stats.search_behind)],
          ['Correlation', behind(stats.correlation_behind)],
          ['Live screens', count(stats.live_clients, 'client')],
        ]}
      />
      <Rebuild />
    </Panel>
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
      toast({ text: `Not rebuilt. ${reasonOf(problem)}` });
    },
  });
  return (
    <Acts>
      <Button
        needs="incidents.shape"
        disabled={rebuild.isPending}
        onClick={() => {
          rebuild.mutate(true);
        }}
      >
        Try a rebuild
      </Button>
      <Button
        needs="incidents.shape"
        disabled={rebuild.isPending}
        onClick={() => {
          rebuild.mutate(false);
        }}
      >
        Rebuild incidents
      </Button>
    </Acts>
  );
}
