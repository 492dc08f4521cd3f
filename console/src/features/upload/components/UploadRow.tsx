// What became of one file: counts, whose it was and why, what could not be read, links to the alerts.
import { Link } from 'react-router';
import { shortId } from '@/shared/api/wire';
import { count, percent, sentence } from '@/shared/text/words';
import { Facts } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import type { Upload } from '../api/uploads';
import type { Sent } from '../uploadQueue';
import css from './Upload.module.css';

const kShownAlerts = 20;

export function UploadRow({ sent }: { sent: Sent }) {
  const { report, problem } = sent;
  return (
    <li className={css['item']}>
      <h2>
        <Hostile text={sent.name} cap={120} /> <span className="muted">{size(sent.bytes)}</span>
      </h2>
      <p role={problem ? 'alert' : 'status'}>{stateText(sent)}</p>
      {problem && (
        <p>
          <Hostile text={sentence(problem.message)} cap={1000} />{' '}
          {keptAs(problem.message) && <Link to={`/dead-letters/${keptAs(problem.message)}`}>Open it</Link>}{' '}
          {problem.problem.hint && (
            <span className="secondary">
              <Hostile text={problem.problem.hint} cap={2000} />
            </span>
          )}
        </p>
      )}
      {report && <Report report={report} />}
    </li>
  );
}

// The dead letter that a refused file is kept as.
function keptAs(message: string): string | undefined {
  return /\bDL-[0-9A-HJKMNP-TV-Z]{26}\b/.exec(message)?.[0];
}

function stateText({ stage, report, problem }: Sent): string {
  if (problem) return report ? 'Taken, but what became of it is not known' : 'Not taken';
  if (!report) return stage === 'waiting' ? 'Waiting for those before it' : 'Sending';
  if (report.state === 'running') return `Reading: ${count(report.items, 'item')} so far`;
  if (report.error) return `Stopped: ${report.error.message}`;
  const parts = [
    count(report.alerts, 'new alert'),
    report.occurrences > 0 && count(report.occurrences, 'repeat'),
    report.duplicates > 0 && `${report.duplicates} known already`,
    report.events > 0 && count(report.events, 'event'),
    report.dead_letters > 0 && `${report.dead_letters} not readable`,
  ].filter(Boolean);
  return `${report.repeat ? 'This file was read before: ' : ''}${parts.join(', ')} of ${count(report.items, 'item')}`;
}

function Report({ report }: { report: Upload }) {
  const more = report.alert_ids.length - kShownAlerts;
  return (
    <>
      <Facts
        rows={[
          ['Read as', `${report.source}${report.format ? `, ${report.format}` : ''}`],
          [
            'Because',
            <Hostile
              key="w"
              text={`${report.why}${report.detected && report.why ? ` (${percent(report.confidence)} sure)` : ''}`}
              cap={500}
            />,
          ],
          ['SHA-256', <Hostile key="s" text={report.sha256} mono />],
        ]}
      />
      {report.ignored_columns.length > 0 && (
        <p className="secondary">
          Columns without a meaning here, kept in the raw record:{' '}
          <Hostile text={report.ignored_columns.join(', ')} cap={500} />
        </p>
      )}
      {report.alert_ids.length > 0 && (
        <p className={css['links']}>
          {report.alert_ids.slice(0, kShownAlerts).map((id) => (
            <Link key={id} to={`/alerts/${id}`} title={id}>
              {shortId(id)}
            </Link>
          ))}
          {more > 0 && <Link to="/queue?list=alerts&sort=newest">and more in the queue</Link>}
        </p>
      )}
      {report.unreadable.length > 0 && (
        <table className={css['table']}>
          <caption>Not readable, kept as dead letters</caption>
          <thead>
            <tr>
              {['Line', 'Reason', 'Kept as'].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.unreadable.map((one) => (
              <tr key={one.dead_letter}>
                <td>{one.line === 0 ? 'all' : one.line}</td>
                <td>
                  <Hostile text={one.reason} cap={300} />
                </td>
                <td>
                  <Link to={`/dead-letters/${one.dead_letter}`}>{shortId(one.dead_letter)}</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1 << 20 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / (1 << 20)).toFixed(1)} MiB`;
}
