// Somebody else was faster: both sides side by side, nothing overwritten unseen.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { itemQuery, type Change } from '@/shared/api/items';
import { isAlert, kindOf, type Item } from '@/shared/api/wire';
import { personText } from '@/shared/session';
import { plain } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { earlier, useApply, type Guard } from './apply';
import css from './Conflict.module.css';

interface Clash {
  before: Item;
  mine: Change;
}

// The guard for changes of one item, and what to show when it refuses.
export function useGuard(item: Item | undefined): { guard: Guard; clash: Clash | null; clear: () => void } {
  const client = useQueryClient();
  const [clash, setClash] = useState<Clash | null>(null);
  return {
    guard: {
      onConflict: (mine) => {
        if (!item) return;
        setClash({ before: item, mine });
        void client.invalidateQueries({ queryKey: itemQuery(kindOf(item.id) ?? 'alerts', item.id).queryKey });
      },
    },
    clash,
    clear: () => {
      setClash(null);
    },
  };
}

export function Conflict({ item, clash, onDone }: { item: Item; clash: Clash; onDone: () => void }) {
  const [compared, setCompared] = useState(false);
  const apply = useApply();
  const theirs = changedFields(clash.before, item);
  return (
    <div className={css['conflict']} role="alert">
      <p>
        {theirs.length > 0
          ? `Somebody changed ${theirs.join(' and ')} in the meantime.`
          : 'Somebody changed it in the meantime.'}{' '}
        Yours: {mineText(clash.mine)}.
      </p>
      <div className={css['row']}>
        <Button
          onClick={() => {
            onDone();
            void apply([item], clash.mine, `Kept both: ${mineText(clash.mine)}.`);
          }}
        >
          Keep both
        </Button>
        <Button onClick={onDone}>Use theirs</Button>
        <Button
          aria-expanded={compared}
          onClick={() => {
            setCompared(!compared);
          }}
        >
          Compare
        </Button>
      </div>
      {compared && <Compared before={clash.before} now={item} mine={clash.mine} />}
    </div>
  );
}

const fields = ['status', 'verdict', 'assignee', 'close_reason'] as const;

function Compared({ before, now, mine }: { before: Item; now: Item; mine: Change }) {
  const was = valuesOf(before);
  const is = valuesOf(now);
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          {['Field', 'You saw', 'Theirs', 'Yours'].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field}>
            <th scope="row">{plain(field)}</th>
            <td>{was[field] ?? 'none'}</td>
            <td>{is[field] ?? 'none'}</td>
            <td>{field in mine ? (mine[field] ?? 'none') : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function valuesOf(item: Item): Change {
  return earlier(item, Object.fromEntries(fields.map((field) => [field, null])));
}

function changedFields(before: Item, now: Item): string[] {
  const was = valuesOf(before);
  const is = valuesOf(now);
  const names = fields
    .filter((field) => was[field] !== is[field])
    .map((field) => (field === 'assignee' ? 'owner' : plain(field).toLowerCase()));
  return before.severity === now.severity || (isAlert(before) && !isAlert(now))
    ? names
    : [...names, 'severity'];
}

function mineText(mine: Change): string {
  return Object.entries(mine)
    .map(
      ([field, value]) =>
        `${field === 'assignee' ? 'owner' : plain(field).toLowerCase()} ${field === 'assignee' ? personText(value === 'me' ? 'you' : value) : plain(String(value ?? 'none')).toLowerCase()}`,
    )
    .join(', ');
}
