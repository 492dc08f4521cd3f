// The views of one incident. The chosen one is in the address.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Incident } from '@/shared/api/wire';
import { AttackMatrix, Entities, Iocs } from '@/shared/facts/Facts';
import { Boundary } from '@/shared/ui/states';
import { Activity } from './Activity';
import { AlertsTab } from './AlertsTab';
import { Analyses } from './Analyses';
import { Notes } from './Notes';
import { PlaybookTab } from './PlaybookTab';
import { QueriesTab } from './QueriesTab';
import { Timeline } from './Timeline';
import css from './Tabs.module.css';

type Open = (alert: string, pointer: string) => void;

interface Tab {
  id: string;
  name: string;
  count?: (incident: Incident) => number;
  show: (incident: Incident, onEvidence: Open) => ReactNode;
}

// An id must not be a view of the API under /incidents/{id}/: a reload would get that instead (hence `playbooks`).
export const tabs: readonly Tab[] = [
  {
    id: 'timeline',
    name: 'Timeline',
    show: (incident, open) => <Timeline id={incident.id} onEvidence={open} />,
  },
  {
    id: 'alerts',
    name: 'Alerts',
    count: (i) => i.alert_count,
    show: (incident) => <AlertsTab incident={incident} />,
  },
  {
    id: 'entities',
    name: 'Entities',
    count: (i) => i.entities.length,
    show: (incident) => <Entities entities={incident.entities} />,
  },
  {
    id: 'attack',
    name: 'ATT&CK',
    count: (i) => i.attack.techniques.length,
    show: (incident) => <AttackMatrix seen={incident.attack} counts={techniqueCounts(incident)} />,
  },
  {
    id: 'iocs',
    name: 'IoCs',
    count: (i) => i.iocs.length,
    show: (incident) => <Iocs iocs={incident.iocs} />,
  },
  { id: 'playbooks', name: 'Playbook', show: (incident) => <PlaybookTab id={incident.id} /> },
  { id: 'queries', name: 'Queries', show: (incident) => <QueriesTab id={incident.id} /> },
  {
    id: 'analyses',
    name: 'Analyses',
    show: (incident, open) => <Analyses incident={incident} onEvidence={open} />,
  },
  {
    id: 'notes',
    name: 'Notes',
    count: (i) => i.notes.length,
    show: (incident) => <Notes id={incident.id} />,
  },
  { id: 'activity', name: 'Activity', show: (incident) => <Activity id={incident.id} /> },
];

function techniqueCounts(incident: Incident): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  // Only when every alert is here; a count over a part would be wrong.
  if (incident.alerts.length < incident.alert_count) return counts;
  for (const alert of incident.alerts)
    for (const id of alert.attack.techniques) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

export function Tabs({ incident, tab, onEvidence }: { incident: Incident; tab: string; onEvidence: Open }) {
  // Addresses of the design that have no tab of their own.
  const current = tabs.find((one) => one.id === tab) ?? (tabs[0] as Tab);
  return (
    <>
      <nav className={css['tabs']} aria-label="Views of this incident">
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
          {current.show(incident, onEvidence)}
        </Boundary>
      </section>
    </>
  );
}
