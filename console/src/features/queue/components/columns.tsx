// The nine default columns of each list. Widths stand in Grid.module.css: they are reserved before data comes.
import type { ReactNode } from 'react';
import type { AttackTable } from '@/shared/facts/attack';
import { isAlert, type AlertItem, type IncidentItem, type Item, type Kind } from '@/shared/api/wire';
import { personText } from '@/shared/session';
import { plain, suggestionCell, verdictWords } from '@/shared/text/words';
import { Hostile } from '@/shared/ui/Hostile';
import { Priority, SeverityMark } from '@/shared/ui/Severity';
import { Age } from '@/shared/ui/TimeText';

export interface Column {
  id: string;
  title: string;
  sort?: string; // the API's word for it
  cell: (item: Item, table: AttackTable | undefined) => ReactNode;
}

const shared = {
  severity: { id: 'severity', title: 'Severity', cell: (item) => <SeverityMark severity={item.severity} /> },
  priority: {
    id: 'priority',
    title: 'Priority',
    sort: 'priority',
    cell: (item) => <Priority value={item.priority} />,
  },
  title: { id: 'title', title: 'Title', cell: (item) => <Hostile text={item.title} cap={160} /> },
  owner: {
    id: 'owner',
    title: 'Owner',
    cell: (item) => (item.assignee ? <Hostile text={personText(item.assignee)} cap={40} /> : <None />),
  },
  status: { id: 'status', title: 'Status', cell: (item) => plain(item.status) },
} satisfies Record<string, Column>;

function None() {
  return <span className="muted">none</span>;
}

const forIncident = (
  cell: (item: IncidentItem, table: AttackTable | undefined) => ReactNode,
): Column['cell'] => {
  return (item, table) => (isAlert(item) ? null : cell(item, table));
};
const forAlert = (cell: (item: AlertItem) => ReactNode): Column['cell'] => {
  return (item) => (isAlert(item) ? cell(item) : null);
};

export const columns: Record<Kind, readonly Column[]> = {
  incidents: [
    shared.severity,
    shared.priority,
    shared.title,
    { id: 'count', title: 'Alerts', cell: forIncident((item) => item.alert_count.toLocaleString('en')) },
    {
      id: 'stage',
      title: 'Furthest stage',
      cell: forIncident((item, table) => <Stage item={item} table={table} />),
    },
    { id: 'verdict', title: 'Decided', cell: forIncident((item) => <DecidedCell item={item} />) },
    shared.owner,
    shared.status,
    { id: 'age', title: 'Age', sort: 'newest', cell: (item) => <Age at={startOf(item)} /> },
  ],
  alerts: [
    shared.severity,
    shared.priority,
    shared.title,
    { id: 'entity', title: 'Who, where', cell: forAlert((item) => <WhoWhere item={item} />) },
    { id: 'source', title: 'Source', cell: forAlert((item) => <Hostile text={item.source} cap={40} />) },
    { id: 'suggested', title: 'Suggested', cell: forAlert((item) => <SuggestedCell item={item} />) },
    { id: 'count', title: 'Count', cell: forAlert((item) => `×${item.occurrences.toLocaleString('en')}`) },
    shared.status,
    { id: 'age', title: 'Age', sort: 'occurred', cell: (item) => <Age at={startOf(item)} /> },
  ],
};

export function startOf(item: Item): string {
  return isAlert(item) ? item.occurred_at : item.first_seen;
}

function DecidedCell({ item }: { item: IncidentItem }) {
  if (item.verdict !== 'undecided') return verdictWords[item.verdict];
  return item.requires_review ? <span>Needs review</span> : <span className="muted">none yet</span>;
}

function SuggestedCell({ item }: { item: AlertItem }) {
  const text = suggestionCell(item.triage);
  return item.triage.verdict === 'undecided' ? <span className="muted">{text}</span> : <span>{text}</span>;
}

function Stage({ item, table }: { item: IncidentItem; table: AttackTable | undefined }) {
  const furthest = table?.tactics.findLast((tactic) => item.attack.tactics.includes(tactic.id));
  if (furthest) return furthest.name;
  return (
    <span className="muted">{item.attack.tactics.length > 0 ? item.attack.tactics.at(-1) : 'not known'}</span>
  );
}

const order = ['host', 'user', 'account', 'cloud_resource', 'ip', 'email', 'domain', 'url'];

function rankOf(entity: AlertItem['entities'][number]): number {
  const place = order.indexOf(entity.kind);
  return (
    (place < 0 ? order.length : place) * 2 + (entity.role === 'target' || entity.role === 'actor' ? 0 : 1)
  );
}

// The one that tells most, and how many more there are.
function WhoWhere({ item }: { item: AlertItem }) {
  const [first, ...more] = [...item.entities].sort((a, b) => rankOf(a) - rankOf(b));
  if (!first) return <span className="muted">not known</span>;
  const others = new Set(more.map((entity) => entity.value).filter((value) => value !== first.value)).size;
  return (
    <span title={`${plain(first.kind)}, ${first.role}`}>
      <Hostile text={first.value} kind={first.kind} cap={60} />
      {others > 0 && <span className="muted"> +{others}</span>}
    </span>
  );
}
