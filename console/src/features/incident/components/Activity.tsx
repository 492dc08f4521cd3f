import { useQuery } from '@tanstack/react-query';
import { personText } from '@/shared/session';
import { plain } from '@/shared/text/words';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { actionsQuery } from '../api/incident';
import css from './Tabs.module.css';

export function Activity({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(actionsQuery(id));
  if (error) return <ProblemView error={error} what="The activity" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={6} what="the activity" />;
  if (data.items.length === 0) return <Empty text="Nobody has acted on this incident yet." />;
  return (
    <div className={css['scroll']}>
      <table className={css['table']}>
        <thead>
          <tr>
            {['When', 'Who', 'What', 'Target', 'Detail'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.items.map((record) => (
            <tr key={record.id}>
              <td>
                <Moment at={record.created_at} />
              </td>
              <td>
                <Hostile text={personText(record.actor)} cap={60} />
              </td>
              <td>
                {plain(record.action)}
                {record.simulated && <span className="muted"> Simulation, nothing was changed</span>}
              </td>
              <td>{record.target && <Hostile text={record.target} mono cap={120} />}</td>
              <td className={css['wide']}>{record.detail && <Hostile text={record.detail} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
