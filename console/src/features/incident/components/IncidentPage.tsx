import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { ApiError } from '@/shared/api/http';
import { itemQuery } from '@/shared/api/items';
import { shortId, type Incident } from '@/shared/api/wire';
import { useApply } from '@/shared/decide/apply';
import { Conflict, useGuard } from '@/shared/decide/Conflict';
import { useDecisions } from '@/shared/decide/Decide';
import { EvidencePanel } from '@/shared/facts/EvidencePanel';
import { useActions } from '@/shared/keys/registry';
import { copyText } from '@/shared/ui/basics';
import { Boundary, Empty, Loading, ProblemView } from '@/shared/ui/states';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import { Header } from './Header';
import { MergeDialog } from './MergeSplit';
import { Story } from './Story';
import { Tabs, tabs } from './Tabs';
import css from './IncidentPage.module.css';

export default function IncidentPage() {
  const { id = '', tab } = useParams();
  const { data, error, refetch } = useQuery(itemQuery('incidents', id));
  usePageTitle(shortId(id));
  if (error instanceof ApiError && error.status === 404) return <NotHere id={id} />;
  if (error && !data) return <ProblemView error={error} what="The incident" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={14} what="the incident" />;
  return <Shown key={id} incident={data.body} tab={tab ?? null} />;
}

function NotHere({ id }: { id: string }) {
  return (
    <Empty text={`${id} is not here, or not yours to see.`}>
      <Link to="/queue">Back to queue</Link>
    </Empty>
  );
}

function Shown({ incident, tab }: { incident: Incident; tab: string | null }) {
  const navigate = useNavigate();
  const [evidence, setEvidence] = useUrlState('ev');
  const [merging, setMerging] = useState(false);
  const { guard, clash, clear } = useGuard(incident);
  const decisions = useDecisions([incident], undefined, guard);
  const apply = useApply(guard);
  const openEvidence = (alert: string, pointer: string) => {
    setEvidence(`${alert}#${pointer}`);
  };
  const turn = (by: number) => {
    const at = tabs.findIndex((one) => one.id === tab);
    const next = tabs[(Math.max(0, at) + by + tabs.length) % tabs.length];
    if (next) void navigate(`/incidents/${incident.id}/${next.id}`, { replace: true });
  };
  useActions([
    {
      id: 'next-tab',
      title: 'Next tab',
      group: 'Move',
      keys: [']'],
      run: () => {
        turn(1);
      },
    },
    {
      id: 'previous-tab',
      title: 'Previous tab',
      group: 'Move',
      keys: ['['],
      run: () => {
        turn(-1);
      },
    },
    ...tabs.map((one) => ({
      id: `tab-${one.id}`,
      title: `Tab: ${one.name}`,
      group: 'Move' as const,
      keys: [`t ${one.key}`],
      run: () => {
        void navigate(`/incidents/${incident.id}/${one.id}`, { replace: true });
      },
    })),
    {
      id: 'tlp',
      title: 'Set the Traffic Light mark',
      group: 'Work',
      keys: ['Shift+t'],
      needs: 'alerts.triage',
      run: () => document.getElementById('tlp')?.focus(),
    },
    {
      id: 'merge',
      title: 'Merge another incident into this one…',
      group: 'Work',
      keys: ['m'],
      needs: 'incidents.shape',
      run: () => {
        setMerging(true);
      },
    },
    {
      id: 'note',
      title: 'Write a note',
      group: 'Work',
      keys: ['c'],
      needs: 'alerts.triage',
      run: () => void navigate(`/incidents/${incident.id}/notes`),
    },
    {
      id: 'link',
      title: 'Copy the link',
      group: 'Work',
      keys: ['y'],
      run: () => void copyText(`${location.origin}/incidents/${incident.id}`, 'the link'),
    },
    {
      id: 'back',
      title: 'Back to the queue',
      group: 'Go to',
      keys: ['Escape'],
      run: () => {
        if (evidence) setEvidence(null);
        else void navigate(-1);
      },
    },
  ]);
  return (
    <div className={css['page']}>
      <div className={css['main']}>
        {incident.merged_into && <Merged incident={incident} />}
        <Header
          incident={incident}
          decisions={decisions}
          apply={apply}
          onMerge={() => {
            setMerging(true);
          }}
        />
        {clash && <Conflict item={incident} clash={clash} onDone={clear} />}
        <Boundary what="The summary">
          <Story incident={incident} decisions={decisions} onEvidence={openEvidence} />
        </Boundary>
        <Tabs incident={incident} tab={tab} onEvidence={openEvidence} />
      </div>
      {evidence && (
        <EvidencePanel
          evidence={evidence}
          onClose={() => {
            setEvidence(null);
          }}
        />
      )}
      {merging && (
        <MergeDialog
          incident={incident}
          onClose={() => {
            setMerging(false);
          }}
        />
      )}
      {decisions.dialogs}
    </div>
  );
}

function Merged({ incident }: { incident: Incident }) {
  return (
    <p className={css['merged']} role="status">
      {shortId(incident.id)} became part of {shortId(incident.merged_into ?? '')}.{' '}
      <Link to={`/incidents/${incident.merged_into}`}>Open {shortId(incident.merged_into ?? '')}</Link>
    </p>
  );
}
