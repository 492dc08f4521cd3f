// The raw field behind a claim, beside what claims it.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { itemQuery } from '@/shared/api/items';
import { shortId } from '@/shared/api/wire';
import { pointed } from '@/shared/text/pointer';
import { IconButton } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Loading, ProblemView } from '@/shared/ui/states';
import css from './EvidencePanel.module.css';

export function EvidencePanel({ evidence, onClose }: { evidence: string; onClose: () => void }) {
  const [id = '', pointer = ''] = evidence.split('#', 2);
  return (
    <aside className={css['panel']} aria-label="Evidence">
      <div className={css['head']}>
        <h2>Evidence</h2>
        <IconButton icon="close" label="Close the evidence panel" onClick={onClose} />
      </div>
      <p className={css['where']}>
        <Link to={`/alerts/${encodeURIComponent(id)}`}>{shortId(id)}</Link>{' '}
        {pointer && <code>{pointer.slice(1).replace(/\//g, '.')}</code>}
      </p>
      <Field id={id} pointer={pointer} />
    </aside>
  );
}

function Field({ id, pointer }: { id: string; pointer: string }) {
  const { data, error, refetch } = useQuery(itemQuery('alerts', id));
  if (error) return <ProblemView error={error} what="The alert" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={4} what="the alert" />;
  const alert = data.body;
  const value = pointed(alert, pointer);
  return (
    <>
      <p className={css['title']}>
        <Hostile text={alert.title} />
      </p>
      {pointer !== '' && (
        <div className={css['value']}>
          {value === undefined ? (
            <p className="hatch">? This field is not in the alert any more.</p>
          ) : (
            <MonoBlock
              text={typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
              label="The field"
              cap={20_000}
            />
          )}
        </div>
      )}
      <h3 className={css['rawTitle']}>Raw record</h3>
      <MonoBlock text={JSON.stringify(alert.raw, null, 2)} label="Raw record" cap={100_000} />
    </>
  );
}
