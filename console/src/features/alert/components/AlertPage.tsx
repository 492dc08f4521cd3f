import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { ApiError } from '@/shared/api/http';
import { itemQuery } from '@/shared/api/items';
import { shortId, type Alert } from '@/shared/api/wire';
import { useApply } from '@/shared/decide/apply';
import { Conflict, useGuard } from '@/shared/decide/Conflict';
import { useDecisions } from '@/shared/decide/Decide';
import { StatusOwner } from '@/shared/decide/StatusOwner';
import { TagEditor } from '@/shared/facts/Tags';
import { Rating } from '@/shared/facts/Rating';
import { TlpMark } from '@/shared/facts/Tlp';
import { KnownFacts } from '@/shared/facts/KnownFacts';
import { AttackMatrix, Decided, Entities, Iocs, Reasons, Suggested } from '@/shared/facts/Facts';
import { useActions } from '@/shared/keys/registry';
import { suppressionOf } from '@/shared/query/write';
import { may, me } from '@/shared/session';
import { pointed } from '@/shared/text/pointer';
import { isPart } from '@/shared/text/scope';
import { count } from '@/shared/text/words';
import { Button, CopyButton, Facts, Panel, copyText } from '@/shared/ui/basics';
import { Hostile, MonoBlock } from '@/shared/ui/Hostile';
import { Priority, SeverityMark } from '@/shared/ui/Severity';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { Occurrences } from './Occurrences';
import css from './AlertPage.module.css';

export default function AlertPage() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery(itemQuery('alerts', id));
  usePageTitle(shortId(id));
  if (error instanceof ApiError && error.status === 404)
    return (
      <Empty text={`${id} is not here, or not yours to see.`}>
        <Link to="/queue?list=alerts">Back to queue</Link>
      </Empty>
    );
  if (error && !data) return <ProblemView error={error} what="The alert" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={14} what="the alert" />;
  return <Shown key={id} alert={data.body} />;
}

function Shown({ alert }: { alert: Alert }) {
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const { guard, clash, clear } = useGuard(alert);
  const decisions = useDecisions([alert], undefined, guard);
  const apply = useApply(guard);
  const at = parameters.get('at');
  useActions([
    {
      id: 'link',
      title: 'Copy the link',
      group: 'Work',
      keys: ['y'],
      run: () => void copyText(`${location.origin}/alerts/${alert.id}`, 'the link'),
    },
    {
      id: 'tag',
      title: 'Add a tag',
      group: 'Work',
      keys: ['t'],
      needs: 'alerts.triage',
      run: () => document.getElementById('new-tag')?.focus(),
    },
    {
      id: 'suppress',
      title: 'Suppress alerts like this…',
      group: 'Decide',
      keys: ['h'],
      needs: 'knowledge.write',
      blocked: isPart(me.scope)
        ? 'A suppression concerns the whole tenant, and you work in a part of it.'
        : null,
      run: () => void navigate(suppressionOf(alert)),
    },
    {
      id: 'back',
      title: 'Back to the queue',
      group: 'Go to',
      keys: ['Escape'],
      run: () => void navigate(-1),
    },
  ]);
  return (
    <div className={css['page']}>
      <div className={css['header']}>
        <div className={css['line']}>
          <span className="mono" title={alert.id}>
            {shortId(alert.id)}
          </span>
          <CopyButton text={alert.id} what="the id" />
          <SeverityMark severity={alert.severity} />
          <Priority value={alert.priority} />
          <span className={css['spacer']}>
            {alert.incident_id ? (
              <>
                In incident <Link to={`/incidents/${alert.incident_id}`}>{shortId(alert.incident_id)}</Link>
              </>
            ) : (
              <span className="muted">In no incident</span>
            )}
          </span>
          <StatusOwner kind="alerts" item={alert} apply={apply} onClose={decisions.close} />
        </div>
        <div className={css['titleLine']}>
          <h1>
            <Hostile text={alert.title} />
          </h1>
          {may('knowledge.write') && !isPart(me.scope) && (
            <Link to={suppressionOf(alert)}>Suppress alerts like this</Link>
          )}
          <Button keys="v" needs="alerts.decide" onClick={decisions.judge}>
            Set verdict
          </Button>
          <Button look="primary" keys="e" needs="alerts.decide" onClick={decisions.close}>
            Close alert…
          </Button>
        </div>
      </div>
      {clash && <Conflict item={alert} clash={clash} onDone={clear} />}
      {at && <Pointed alert={alert} pointer={at} />}
      <div className={css['grid']}>
        <div>
          <Suggested triage={alert.triage}>
            <Rating answer="explanation" id={alert.id} />
          </Suggested>
          {(alert.close_reason !== null || alert.status === 'closed') && (
            <Decided verdict={alert.triage.verdict} closeReason={alert.close_reason} />
          )}
          {alert.message && (
            <Panel title="Message">
              <p className={css['message']}>
                <Hostile text={alert.message} cap={4000} lines />
              </p>
            </Panel>
          )}
          <Panel title="For and against">
            <Reasons reasons={alert.triage.reasons} />
          </Panel>
          <Panel title="Who and where">
            <Entities entities={alert.entities} />
          </Panel>
          <Panel title="Indicators">
            <Iocs iocs={alert.iocs} />
          </Panel>
        </div>
        <div>
          <Panel title="Fields">
            <Fields alert={alert} />
          </Panel>
          <Panel title="Tags">
            <TagEditor tags={alert.tags} onChange={(tags, said) => void apply([alert], { tags }, said)} />
          </Panel>
          <Panel title="Process">
            <ProcessFacts alert={alert} />
          </Panel>
          <Panel title="Known facts">
            {alert.facts.length === 0 ? (
              <p className="secondary">
                Nothing was known about it when it arrived. <Link to="/enrichment">What is known here</Link>
              </p>
            ) : (
              <KnownFacts facts={alert.facts} />
            )}
          </Panel>
          <Panel title="Occurrences">
            <Occurrences id={alert.id} />
          </Panel>
        </div>
      </div>
      <Panel title="ATT&CK">
        <AttackMatrix seen={alert.attack} />
      </Panel>
      <Panel
        title="Raw record"
        aside={<CopyButton text={JSON.stringify(alert.raw, null, 2)} what="the raw record" />}
      >
        <MonoBlock text={JSON.stringify(alert.raw, null, 2)} label="Raw record" />
      </Panel>
      {decisions.dialogs}
    </div>
  );
}

// A chip led here: the field it means, first.
function Pointed({ alert, pointer }: { alert: Alert; pointer: string }) {
  const value = pointed(alert, pointer);
  return (
    <div className={css['pointed']}>
      <h3>
        Evidence <code>{pointer.slice(1).replace(/\//g, '.')}</code>
      </h3>
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
  );
}

function Fields({ alert }: { alert: Alert }) {
  const tier = { normal: 'Normal', important: 'Important', crown_jewel: 'Crown jewel' }[alert.asset_tier];
  return (
    <Facts
      rows={[
        ['Source', <Hostile key="source" text={alert.source} mono />],
        ['Source id', <Hostile key="id" text={alert.source_id} mono />],
        ['Type', <Hostile key="type" text={alert.type} mono />],
        ['Occurred', <Moment key="occurred" at={alert.occurred_at} ms />],
        ['Received', <Moment key="received" at={alert.received_at} ms />],
        ['Asset tier', tier],
        ['Seen', `${count(alert.occurrences, 'time')}`],
        ['Fingerprint', <Hostile key="print" text={alert.fingerprint} mono />],
        ['Vendor status', <Hostile key="status" text={alert.vendor_status} />],
        ['Vendor verdict', <Hostile key="verdict" text={alert.vendor_verdict} />],
        ['Source address', <Hostile key="url" text={alert.source_url} mono kind="url" />],
        ['TLP', <TlpMark key="tlp" tlp={alert.tlp} />],
      ]}
    />
  );
}

function ProcessFacts({ alert: { process } }: { alert: Alert }) {
  if (!process.command_line && !process.parent && !process.hash)
    return <p className="secondary">No process was named.</p>;
  return (
    <Facts
      rows={[
        ['Command line', <Hostile key="c" text={process.command_line} mono cap={4000} />],
        ['Parent', <Hostile key="p" text={process.parent} mono />],
        ['Hash', <Hostile key="h" text={process.hash} mono />],
      ]}
    />
  );
}
