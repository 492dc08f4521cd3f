// The views of one incident. The chosen one is in the address.
import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { Incident } from '@/shared/api/wire';
import { AttackMatrix, Entities, Iocs } from '@/shared/facts/Facts';
import { Boundary, Loading } from '@/shared/ui/states';
import { Activity } from './Activity';
import { AlertsTab } from './AlertsTab';
import { Analyses } from './Analyses';
import { ChecklistTab } from './ChecklistTab';
import { Notes } from './Notes';
import { PlaybookTab } from './PlaybookTab';
import { QueriesTab } from './QueriesTab';
import { SimilarTab } from './SimilarTab';
import { Timeline } from './Timeline';
import css from './Tabs.module.css';

// With the library that lays it out.
const GraphTab = lazy(async () => ({ default: (await import('./GraphTab')).GraphTab }));

type Open = (alert: string, pointer: string) => void;

interface Tab {
  id: string;
  name: string;
  key: string; // after t
  count?: (incident: Incident) => number;
  show: (incident: Incident, onEvidence: Open) => ReactNode;
}

// An id must not be a view of the API under /incidents/{id}/: a reload would get that instead (hence `playbooks`).
export const tabs: readonly Tab[] = [
  {
    id: 'timeline',
    key: 't',
    name: 'Timeline',
    show: (incident, open) => <Timeline id={incident.id} onEvidence={open} />,
  },
  {
    id: 'graph',
    key: 'g',
    name: 'Graph',
    show: (incident, open) => <GraphTab id={incident.id} onEvidence={open} />,
  },
  {
    id: 'alerts',
    key: 'a',
    name: 'Alerts',
    count: (i) => i.alert_count,
    show: (incident) => <AlertsTab incident={incident} />,
  },
  {
    id: 'entities',
    key: 'e',
    name: 'Entities',
    count: (i) => i.entities.length,
    show: (incident) => <Entities entities={incident.entities} />,
  },
  {
    id: 'attack',
    key: 'm',
    name: 'ATT&CK',
    count: (i) => i.attack.techniques.length,
    show: (incident) => <AttackMatrix seen={incident.attack} counts={techniqueCounts(incident)} />,
  },
  {
    id: 'iocs',
    key: 'i',
    name: 'IoCs',
    count: (i) => i.iocs.length,
    show: (incident) => <Iocs iocs={incident.iocs} />,
  },
  { id: 'similar', key: 's', name: 'Similar', show: (incident) => <SimilarTab id={incident.id} /> },
  {
    id: 'playbooks',
    key: 'p',
    name: 'Playbook',
    show: (incident, open) => <PlaybookTab id={incident.id} onEvidence={open} />,
  },
  {
    id: 'checklist',
    key: 'c',
    name: 'Checklist',
    show: (incident, open) => <ChecklistTab id={incident.id} onEvidence={open} />,
  },
  { id: 'queries', key: 'q', name: 'Queries', show: (incident) => <QueriesTab id={incident.id} /> },
  {
    id: 'analyses',
    key: 'y',
    name: 'Analyses',
    show: (incident, open) => <Analyses incident={incident} onEvidence={open} />,
  },
  {
    id: 'notes',
    key: 'n',
    name: 'Notes',
    count: (i) => i.notes.length,
    show: (incident) => <Notes id={incident.id} />,
  },
  { id: 'activity', key: 'v', name: 'Activity', show: (incident) => <Activity id={incident.id} /> },
];

function techniqueCounts(incident: Incident): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  // Only when every alert is here; a count over a part would be wrong.
  if (incident.alerts.length < incident.alert_count) return counts;
  for (const alert of incident.alerts)
    for (const id of alert.attack.techniques) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

export function Tabs({
  incident,
  tab,
  onEvidence,
}: {
  incident: Incident;
  tab: string | null;
  onEvidence: Open;
}) {
  // Addresses of the design that have no tab of their own.
  const current = tabs.find((one) => one.id === tab) ?? (tabs[0] as Tab);
  const bar = useRef<HTMLElement>(null);
  // A tab that was asked for is what the person wants to see; the summary stays above it.
  useEffect(() => {
    if (tab === null) return;
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    bar.current?.scrollIntoView({ block: 'start' });
  }, [tab]);
  return (
    <>
      <nav ref={bar} className={css['tabs']} aria-label="Views of this incident">
        {tabs.map((one) => (
          <Link
            key={one.id}
            to={`/incidents/${incident.id}/${one.id}`}
            replace
            aria-current={one === current ? 'page' : undefined}
          >
            {one.name}
            {one.count && <span className="muted"> {one.count(incident).toLocaleString('en')}</span>}
          </Link>
        ))}
      </nav>
      <section className={css['body']} aria-label={current.name}>
        <Boundary key={current.id} what={current.name}>
          <Suspense fallback={<Loading lines={10} what={current.name} />}>
            {current.show(incident, onEvidence)}
          </Suspense>
        </Boundary>
      </section>
    </>
  );
}
