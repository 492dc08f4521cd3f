import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { statsQuery } from '@/shared/api/stats';
import { DemoButtons } from '@/shared/demo/DemoButtons';
import { percent, total } from '@/shared/text/words';
import { Button, Panel, copyText } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import css from './SourcesPage.module.css';

export default function SourcesPage() {
  const { data, error, refetch } = useQuery(statsQuery);
  usePageTitle('Sources');
  return (
    <div>
      <div className={css['head']}>
        <h1>Sources</h1>
        <p className="secondary">
          What has sent alerts so far. When each was last heard is in GET /api/v1/sources.
        </p>
      </div>
      {error && <ProblemView error={error} what="The list" onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} what="the sources" />}
      {data && <Table bySource={data.alerts.by_source} all={data.alerts.total} />}
      <Panel title="Send an alert">
        <Send />
      </Panel>
      <Panel title="Sample data">
        <div className={css['row']}>
          <DemoButtons />
        </div>
        <p className="secondary">Both go through the same way as real alerts.</p>
      </Panel>
    </div>
  );
}

function Table({ bySource, all }: { bySource: Record<string, number>; all: number }) {
  const rows = Object.entries(bySource).sort(([, a], [, b]) => b - a);
  if (rows.length === 0)
    return (
      <Empty text="No alert has arrived yet.">
        <DemoButtons />
      </Empty>
    );
  return (
    <div className={css['scroll']}>
      <table className={css['table']}>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Alerts</th>
            <th scope="col">Share</th>
            <th scope="col">
              <span className="sr-only">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([source, n]) => (
            <tr key={source}>
              <td>
                <Hostile text={source} mono cap={60} />
              </td>
              <td>{total(n)}</td>
              <td>
                {percent(all > 0 ? n / all : 0)} of {total(all)}
              </td>
              <td>
                <Link to={`/queue?list=alerts&q=${encodeURIComponent(`source:"${source}"`)}`}>
                  Open its alerts
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Send() {
  const command = `curl -X POST ${location.origin}/api/v1/alerts -H 'Content-Type: application/json' \\
  -d '{"alert_type":"ssh_bruteforce","message":"First alert","host":"web-01","ip":"203.0.113.9","severity":"high"}'`;
  return (
    <>
      <MonoBlock text={command} label="Command that sends an alert" />
      <div className={css['row']}>
        <Button icon="copy" onClick={() => void copyText(command, 'the command')}>
          Copy command
        </Button>
        <a href="/docs">API reference</a>
      </div>
    </>
  );
}
