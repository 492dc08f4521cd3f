import { useState } from 'react';
import { Link } from 'react-router';
import { shortId, type Incident } from '@/shared/api/wire';
import { count, plain, suggestionCell } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { SeverityMark } from '@/shared/ui/Severity';
import { Moment } from '@/shared/ui/TimeText';
import { SplitDialog } from './MergeSplit';
import css from './Tabs.module.css';

export function AlertsTab({ incident }: { incident: Incident }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [splitting, setSplitting] = useState(false);
  const shown = incident.alerts.length;
  return (
    <>
      <div className={css['bar']}>
        <Button
          needs="incidents.shape"
          disabled={chosen.size === 0}
          title={chosen.size === 0 ? 'Select the alerts that do not belong here first.' : undefined}
          onClick={() => {
            setSplitting(true);
          }}
        >
          Split {chosen.size > 0 ? count(chosen.size, 'alert') : 'selected alerts'} off…
        </Button>
        <span className="secondary">
          {shown < incident.alert_count && `The first ${shown} of ${count(incident.alert_count, 'alert')}. `}
          <Link to={`/queue?list=alerts&q=${encodeURIComponent(`incident:${incident.id}`)}`}>
            Open all in the queue
          </Link>
        </span>
      </div>
      <div className={css['scroll']}>
        <table className={css['table']}>
          <thead>
            <tr>
              {['Selected', 'Severity', 'Title', 'Source', 'Suggested', 'Status', 'Count', 'Occurred'].map(
                (title, i) => (
                  <th key={title} scope="col">
                    {i === 0 ? <span className="sr-only">{title}</span> : title}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {incident.alerts.map((alert) => (
              <tr key={alert.id}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Select ${alert.id}`}
                    checked={chosen.has(alert.id)}
                    onChange={() => {
                      const next = new Set(chosen);
                      if (!next.delete(alert.id)) next.add(alert.id);
                      setChosen(next);
                    }}
                  />
                </td>
                <td>
                  <SeverityMark severity={alert.severity} />
                </td>
                <td className={css['wide']}>
                  <Link to={`/alerts/${alert.id}`} title={alert.id}>
                    <span className="mono">{shortId(alert.id)}</span>
                  </Link>{' '}
                  <Hostile text={alert.title} cap={160} />
                </td>
                <td>
                  <Hostile text={alert.source} cap={40} />
                </td>
                <td>{suggestionCell(alert.triage)}</td>
                <td>{plain(alert.status)}</td>
                <td>×{alert.occurrences.toLocaleString('en')}</td>
                <td>
                  <Moment at={alert.occurred_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {splitting && (
        <SplitDialog
          incident={incident}
          alertIds={[...chosen]}
          onClose={() => {
            setSplitting(false);
          }}
          onDone={() => {
            setSplitting(false);
            setChosen(new Set());
          }}
        />
      )}
    </>
  );
}
