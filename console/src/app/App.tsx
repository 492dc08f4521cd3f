// Pages and their addresses.
import { lazy, Suspense, useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Navigate, Route, Routes, useParams, useSearchParams } from 'react-router';
import { kindOf } from '@/shared/api/wire';
import { QueuePage } from '@/features/queue/components/QueuePage';
import { listenForKeys } from '@/shared/keys/registry';
import { feed } from '@/shared/live/socket';
import { joinLiveToCache } from '@/shared/live/toCache';
import { Boundary, Empty, Loading } from '@/shared/ui/states';
import { Link } from 'react-router';
import { Frame } from './Frame';

const IncidentPage = lazy(() => import('@/features/incident/components/IncidentPage'));
const AlertPage = lazy(() => import('@/features/alert/components/AlertPage'));
const DeadLettersPage = lazy(() => import('@/features/deadletters/components/DeadLettersPage'));
const SourcesPage = lazy(() => import('@/features/sources/components/SourcesPage'));
const MappingsPage = lazy(() => import('@/features/mappings/components/MappingsPage'));
const EnrichmentPage = lazy(() => import('@/features/enrichment/components/EnrichmentPage'));
const UploadPage = lazy(() => import('@/features/upload/components/UploadPage'));
const NewAlertPage = lazy(() => import('@/features/upload/components/NewAlertPage'));
const JobsPage = lazy(() => import('@/features/sources/components/JobsPage'));

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
            <Route path="/queue" element={<QueuePage />} />
            <Route path="/incidents/:id/:tab?" element={<IncidentPage />} />
            <Route path="/alerts/new" element={<NewAlertPage />} />
            <Route path="/upload" element={<UploadPage />} />
            <Route path="/alerts/:id" element={<AlertPage />} />
            <Route path="/dead-letters/:id?" element={<DeadLettersPage />} />
            <Route path="/sources" element={<SourcesPage />} />
            <Route path="/enrichment/:tab?" element={<EnrichmentPage />} />
            <Route path="/mappings" element={<MappingsPage />} />
            <Route path="/jobs" element={<JobsPage />} />
            <Route path="/go/:id" element={<Go />} />
            {['/', '/dashboard', '/incidents'].map((path) => (
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

function NotHere() {
  return (
    <Empty text="This address is not here.">
      <Link to="/queue">Back to queue</Link>
    </Empty>
  );
}
