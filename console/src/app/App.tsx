// Pages and their addresses.
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Navigate, Route, Routes, useParams, useSearchParams } from 'react-router';
import { kindOf } from '@/shared/api/wire';
import { QueuePage } from '@/features/queue/components/QueuePage';
import { listenForKeys } from '@/shared/keys/registry';
import { feed } from '@/shared/live/socket';
import { joinLiveToCache } from '@/shared/live/toCache';
import { may, type Verb } from '@/shared/session';
import { Boundary, Empty, Loading } from '@/shared/ui/states';
import { Link } from 'react-router';
import { Frame } from './Frame';

const IncidentPage = lazy(() => import('@/features/incident/components/IncidentPage'));
const AlertPage = lazy(() => import('@/features/alert/components/AlertPage'));
const DeadLettersPage = lazy(() => import('@/features/deadletters/components/DeadLettersPage'));
const SourcesPage = lazy(() => import('@/features/sources/components/SourcesPage'));
const MappingsPage = lazy(() => import('@/features/mappings/components/MappingsPage'));
const EnrichmentPage = lazy(() => import('@/features/enrichment/components/EnrichmentPage'));
const RulesPage = lazy(() => import('@/features/rules/components/RulesPage'));
const RulePage = lazy(() => import('@/features/rules/components/RulePage'));
const SuppressionsPage = lazy(() => import('@/features/suppressions/components/SuppressionsPage'));
const UploadPage = lazy(() => import('@/features/upload/components/UploadPage'));
const NewAlertPage = lazy(() => import('@/features/upload/components/NewAlertPage'));
const JobsPage = lazy(() => import('@/features/jobs/components/JobsPage'));
const DeskPage = lazy(() => import('@/features/desk/components/DeskPage'));
const NoisePage = lazy(() => import('@/features/noise/components/NoisePage'));
const AutoClosePage = lazy(() => import('@/features/autoclose/components/AutoClosePage'));
const AuditPage = lazy(() => import('@/features/audit/components/AuditPage'));
const PeoplePage = lazy(() => import('@/features/admin/components/PeoplePage'));
const KeysPage = lazy(() => import('@/features/admin/components/KeysPage'));
const TenantsPage = lazy(() => import('@/features/admin/components/TenantsPage'));
const CaseDataPage = lazy(() => import('@/features/admin/components/CaseDataPage'));
const RolesPage = lazy(() => import('@/features/admin/components/RolesPage'));
const AccountPage = lazy(() => import('@/features/account/components/AccountPage'));

const pages: readonly (readonly [path: string, page: ReactNode, needs?: Verb])[] = [
  ['/queue', <QueuePage key="p" />],
  ['/incidents/:id/:tab?', <IncidentPage key="p" />],
  ['/alerts/new', <NewAlertPage key="p" />, 'alerts.ingest'],
  ['/upload', <UploadPage key="p" />, 'alerts.ingest'],
  ['/alerts/:id', <AlertPage key="p" />],
  ['/dead-letters/:id?', <DeadLettersPage key="p" />, 'faults.read'],
  ['/sources', <SourcesPage key="p" />, 'knowledge.read'],
  ['/enrichment/:tab?', <EnrichmentPage key="p" />, 'knowledge.read'],
  ['/rules/:tab?', <RulesPage key="p" />, 'knowledge.read'],
  ['/rules/rule/:id', <RulePage key="p" />, 'knowledge.read'],
  ['/suppressions', <SuppressionsPage key="p" />],
  ['/mappings', <MappingsPage key="p" />, 'alerts.ingest'],
  ['/jobs', <JobsPage key="p" />, 'faults.read'],
  ['/desk', <DeskPage key="p" />],
  ['/noise', <NoisePage key="p" />],
  ['/auto-close', <AutoClosePage key="p" />, 'settings.read'],
  ['/audit', <AuditPage key="p" />, 'audit.read'],
  ['/admin/people', <PeoplePage key="p" />, 'people.read'],
  ['/admin/keys', <KeysPage key="p" />, 'people.read'],
  ['/admin/tenants', <TenantsPage key="p" />, 'tenants.read'],
  ['/admin/case-data', <CaseDataPage key="p" />, 'knowledge.read'],
  ['/admin/roles', <RolesPage key="p" />],
  ['/account', <AccountPage key="p" />],
];

export function App() {
  const client = useQueryClient();
  useEffect(() => {
    feed.start();
    const leave = joinLiveToCache(client);
    const sleep = listenForKeys();
    return () => {
      leave();
      sleep();
    };
  }, [client]);
  return (
    <Frame>
      <Boundary what="The page">
        <Suspense fallback={<Loading lines={10} what="the page" />}>
          <Routes>
            {pages.map(([path, page, needs]) => (
              <Route
                key={path}
                path={path}
                element={needs && !may(needs) ? <NotYours needs={needs} /> : page}
              />
            ))}
            <Route path="/admin" element={<Navigate to="/admin/people" replace />} />
            <Route path="/go/:id" element={<Go />} />
            {['/', '/dashboard', '/incidents', '/sign-in'].map((path) => (
              <Route key={path} path={path} element={<Navigate to="/queue" replace />} />
            ))}
            <Route path="/alerts" element={<Navigate to="/queue?list=alerts" replace />} />
            <Route path="*" element={<NotHere />} />
          </Routes>
        </Suspense>
      </Boundary>
    </Frame>
  );
}

// Any id, wherever it came from.
function Go() {
  const { id = '' } = useParams();
  const [parameters] = useSearchParams();
  const at = parameters.get('at');
  const kind = kindOf(id);
  if (kind)
    return (
      <Navigate
        to={`/${kind}/${encodeURIComponent(id)}${at ? `?at=${encodeURIComponent(at)}` : ''}`}
        replace
      />
    );
  if (id.startsWith('DL-')) return <Navigate to={`/dead-letters/${encodeURIComponent(id)}`} replace />;
  return <Navigate to={`/queue?list=alerts&q=${encodeURIComponent(id)}`} replace />;
}

function NotYours({ needs }: { needs: Verb }) {
  return (
    <Empty text={`This page needs the right ${needs}, which your role does not have.`}>
      <Link to="/admin/roles">Who has it</Link>
    </Empty>
  );
}

function NotHere() {
  return (
    <Empty text="This address is not here.">
      <Link to="/queue">Back to queue</Link>
    </Empty>
  );
}
