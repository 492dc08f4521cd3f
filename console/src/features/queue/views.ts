// The ready-made queries of each list. A view is only a text: choosing one edits the query.
import type { Kind } from '@/shared/api/wire';

export interface View {
  title: string;
  q: string;
}

const openIncidents = 'status:open,triaged,in_progress';

export const views: Record<Kind, readonly View[]> = {
  incidents: [
    { title: 'Open', q: openIncidents },
    { title: 'Needs review', q: `${openIncidents} requires_review:true` },
    { title: 'Mine', q: `${openIncidents} assignee:me` },
    { title: 'Unowned', q: `${openIncidents} assignee:none` },
    { title: 'High and critical', q: `${openIncidents} severity:>=high` },
    { title: 'Everything', q: '' },
  ],
  alerts: [
    { title: 'Open', q: 'status:open' },
    { title: 'Needs review', q: 'status:open requires_review:true' },
    { title: 'Mine', q: 'status:open assignee:me' },
    { title: 'High and critical', q: 'status:open severity:>=high' },
    { title: 'Probably false', q: 'status:open verdict:false_positive' },
    { title: 'Everything', q: '' },
  ],
};

export const defaultSort: Record<Kind, string> = { incidents: 'priority', alerts: 'priority' };

export function defaultQuery(kind: Kind): string {
  return views[kind][0]?.q ?? '';
}
