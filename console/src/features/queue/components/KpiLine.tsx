// Figures as text, each a link that edits the query.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Kind } from '@/shared/api/wire';
import { hasNews, waitingText, type Marks } from '@/shared/live/merge';
import { usePrefs } from '@/shared/prefs/prefs';
import { clockText } from '@/shared/text/time';
import { total } from '@/shared/text/words';
import { Button, Kbd } from '@/shared/ui/basics';
import { countQuery } from '../api/list';
import { defaultQuery } from '../views';
import css from './QueuePage.module.css';

const figures: readonly (readonly [word: string, extra: string])[] = [
  ['open', ''],
  ['critical', 'severity:critical'],
  ['need review', 'requires_review:true'],
  ['yours', 'assignee:me'],
];

interface Props {
  kind: Kind;
  marks: Marks;
  asOf: string | null;
  busy: boolean;
  onRefresh: () => void;
}

export function KpiLine({ kind, marks, asOf, busy, onRefresh }: Props) {
  const { zone } = usePrefs();
  return (
    <div className={css['kpis']}>
      <p className={css['figures']}>
        {figures.map(([word, extra]) => (
          <Figure key={word} kind={kind} word={word} q={`${defaultQuery(kind)} ${extra}`.trim()} />
        ))}
      </p>
      <span className={css['news']}>
        {hasNews(marks) ? (
          <Button className={css['new']} onClick={onRefresh}>
            ↑ {waitingText(marks)} <Kbd>Shift R</Kbd>
          </Button>
        ) : (
          <span className="muted">
            {asOf !== null && `as of ${clockText(asOf, zone)}`}
            <Button look="ghost" disabled={busy} onClick={onRefresh}>
              Refresh
            </Button>
          </span>
        )}
      </span>
    </div>
  );
}

function Figure({ kind, word, q }: { kind: Kind; word: string; q: string }) {
  const { data } = useQuery(countQuery(kind, q));
  const address = `/queue?list=${kind}&q=${encodeURIComponent(q)}`;
  return (
    <Link to={address} className={data === undefined ? 'hatch' : undefined}>
      <b>{total(data)}</b> {word}
    </Link>
  );
}
