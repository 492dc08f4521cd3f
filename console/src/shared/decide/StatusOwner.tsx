// Status and owner, changed in place.
import type { Item, Kind } from '@/shared/api/wire';
import { may, me, personText } from '@/shared/session';
import { plain } from '@/shared/text/words';
import { shortId } from '@/shared/api/wire';
import { Hostile } from '@/shared/ui/Hostile';
import type { Apply } from './apply';
import css from './StatusOwner.module.css';

const statuses: Record<Kind, readonly string[]> = {
  incidents: ['open', 'triaged', 'in_progress', 'closed'],
  alerts: ['new', 'in_progress', 'closed'],
};

interface Props {
  kind: Kind;
  item: Item;
  apply: Apply;
  onClose: () => void; // closing asks for a reason
}

export function StatusOwner({ kind, item, apply, onClose }: Props) {
  if (!may('alerts.triage'))
    return (
      <span className="secondary">
        {plain(item.status)}, owner <Hostile text={personText(item.assignee)} cap={60} />
      </span>
    );
  const owners = [...new Set(['', me.name, item.assignee ?? ''])];
  return (
    <>
      <span className={css['choice']}>
        <select
          aria-label="Status"
          value={item.status}
          onChange={(event) => {
            const status = event.target.value;
            if (status === 'closed') onClose();
            else void apply([item], { status }, `${shortId(item.id)} is now ${plain(status).toLowerCase()}.`);
          }}
        >
          {offered(kind, item).map((status) => (
            <option key={status} value={status}>
              {status === 'closed' && item.status !== 'closed' ? 'Closed…' : plain(status)}
            </option>
          ))}
        </select>
      </span>
      <span className={css['choice']}>
        <span aria-hidden>Owner</span>
        <select
          aria-label="Owner"
          value={item.assignee ?? ''}
          onChange={(event) => {
            const assignee =
              event.target.value === '' ? null : event.target.value === me.name ? 'me' : event.target.value;
            void apply(
              [item],
              { assignee },
              `${shortId(item.id)} assigned to ${personText(event.target.value)}.`,
            );
          }}
        >
          {owners.map((name) => (
            <option key={name} value={name}>
              {personText(name)}
            </option>
          ))}
        </select>
      </span>
    </>
  );
}

// Closing is a decision.
function offered(kind: Kind, item: Item): readonly string[] {
  return statuses[kind].filter(
    (status) => status !== 'closed' || may('alerts.decide') || item.status === status,
  );
}
