// Whether the chain is whole, when it was last signed, and what is not recorded.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { post } from '@/shared/api/http';
import type { AuditReport } from '@/shared/api/wire';
import { count } from '@/shared/text/words';
import { Button, Facts, Panel } from '@/shared/ui/basics';
import { ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { actionsQuery, headsQuery } from '../audit';
import css from './AuditPage.module.css';

export function Chain() {
  const heads = useQuery(headsQuery).data;
  const check = useMutation({ mutationFn: () => post<AuditReport>('/api/v1/audit/verify') });
  const newest = heads?.heads[0];
  return (
    <Panel title="Chain">
      <Facts
        rows={[
          ['Newest record', heads ? <Newest key="n" number={heads.end.number} /> : '…'],
          [
            'Last signed',
            newest ? (
              <span key="s">
                <Moment at={newest.at} />, at record {newest.number}
              </span>
            ) : (
              'not yet: once a minute while records come'
            ),
          ],
          ['Key', heads ? <code key="k">{heads.key.slice(0, 16)}…</code> : '…'],
        ]}
      />
      <div className={css['bar']}>
        <Button disabled={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? 'Checking…' : 'Check the chain'}
        </Button>
        <a href="/api/v1/audit/heads?limit=1000" download="audit-heads.json">
          Download signed heads
        </a>
      </div>
      <p className="secondary">
        Keep the signed heads on another machine: <code>tocsin audit verify --heads FILE</code> then also
        finds a data directory that was rolled back.
      </p>
      <div aria-live="polite">
        {check.isError && <ProblemView error={check.error} what="The chain" />}
        {check.data && <Report report={check.data} />}
      </div>
      <LeftOut />
    </Panel>
  );
}

function Newest({ number }: { number: number }) {
  return number === 0 ? <>none yet</> : <Link to={`/audit?record=${number}`}>{number}</Link>;
}

function Report({ report }: { report: AuditReport }) {
  const looked = `${count(report.records, 'record')}, ${count(report.heads, 'signed head')}`;
  if (report.sound)
    return (
      <p className={css['sound']}>
        ✓ {report.complete ? 'The chain is whole' : 'Whole as far as was looked in ten seconds'}: {looked}.
        {!report.complete && ' tocsin audit verify looks at all of it.'}
      </p>
    );
  return (
    <div>
      <p className={css['broken']}>▲ The chain was tampered with: {looked}.</p>
      <ul>
        {report.faults.slice(0, 50).map((fault) => (
          <li key={`${fault.number} ${fault.what}`}>
            {fault.number === fault.through
              ? `Record ${fault.number}`
              : `Records ${fault.number} to ${fault.through}`}
            : {fault.what}.{' '}
            {fault.after && (
              <>
                After <Moment at={fault.after} />.{' '}
              </>
            )}
            {fault.before && (
              <>
                Before <Moment at={fault.before} />.
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function LeftOut() {
  const leftOut = useQuery(actionsQuery).data?.left_out ?? [];
  return (
    <details>
      <summary>What is not recorded</summary>
      <ul>
        {leftOut.map(({ what, why }) => (
          <li key={what}>
            <code>{what}</code>: {why}
          </li>
        ))}
      </ul>
    </details>
  );
}
