// One suppression: what it hides, why it stopped, and what can be done with it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { ApiError, faultText } from '@/shared/api/http';
import { shortId, type Suppression } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Acts, Details } from '@/shared/list/List';
import { personText } from '@/shared/session';
import { visible } from '@/shared/text/hostile';
import { count, total } from '@/shared/text/words';
import { Button, Facts } from '@/shared/ui/basics';
import { Confirm } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import {
  alertsFound,
  change,
  hiddenBy,
  lift,
  oneQuery,
  reopen,
  reopenedText,
  stateWord,
  watchText,
} from '../suppressions';
import { SuppressionDialog } from './SuppressionDialog';
import css from './Suppressions.module.css';

type Asked = 'edit' | 'lift' | 'reopen' | 'go-on' | null;

export function SuppressionPanel({ one, onClose }: { one: Suppression; onClose: () => void }) {
  const [asked, setAsked] = useState<Asked>(null);
  const whole = useQuery(oneQuery(one.id)).data;
  const isLifted = one.lifted !== null;
  const blocked = isLifted ? 'It was lifted.' : null;
  const ask = (what: Asked) => () => setAsked(what);
  useActions([
    {
      id: 'edit-suppression',
      title: 'Edit the suppression…',
      group: 'Work',
      keys: ['e'],
      needs: 'knowledge.write',
      blocked,
      run: ask('edit'),
    },
    {
      id: 'lift-suppression',
      title: 'Lift the suppression…',
      group: 'Work',
      keys: ['x'],
      needs: 'knowledge.write',
      blocked,
      run: ask('lift'),
    },
    {
      id: 'reopen-suppressed',
      title: 'Open the hidden alerts again…',
      group: 'Work',
      keys: ['r'],
      needs: 'knowledge.write',
      run: ask('reopen'),
    },
  ]);
  return (
    <Details label="Suppression" title={<Hostile text={one.name} cap={100} />} onClose={onClose}>
      {one.review && <Review one={one} onGoOn={ask('go-on')} />}
      <p className={css['words']}>
        <Hostile text={one.reason} cap={1000} lines />
      </p>
      <Facts rows={facts(one, whole?.body.known_entities ?? null)} />
      <Acts>
        {!isLifted && (
          <>
            <Button keys="e" needs="knowledge.write" disabled={!whole} onClick={ask('edit')}>
              Edit…
            </Button>
            <Button look="danger" keys="x" needs="knowledge.write" onClick={ask('lift')}>
              Lift…
            </Button>
          </>
        )}
        <Button keys="r" needs="knowledge.write" onClick={ask('reopen')}>
          Open hidden alerts again…
        </Button>
      </Acts>
      {asked === 'edit' && whole && (
        <SuppressionDialog stored={whole.body} etag={whole.etag} onClose={ask(null)} />
      )}
      {asked === 'lift' && <Lift one={one} onClose={ask(null)} />}
      {asked === 'reopen' && <Reopen one={one} onClose={ask(null)} />}
      {asked === 'go-on' && <GoOn one={one} etag={whole?.etag ?? null} onClose={ask(null)} />}
    </Details>
  );
}

function Review({ one, onGoOn }: { one: Suppression; onGoOn: () => void }) {
  const { review } = one;
  if (!review) return null;
  return (
    <div className={css['review']}>
      <h3>
        {review.reason === 'jump' ? 'Stopped at a jump in volume' : 'Stopped at what it never hid before'}
      </h3>
      <p>
        <Hostile text={review.sentence} cap={600} />
      </p>
      <p>
        <Moment at={review.at} />, alert{' '}
        <Link to={`/alerts/${encodeURIComponent(review.alert_id)}`}>{shortId(review.alert_id)}</Link>. Alerts
        come through until somebody has seen it.
      </p>
      {one.state === 'needs_review' && (
        <Button needs="knowledge.write" onClick={onGoOn}>
          Let it go on…
        </Button>
      )}
    </div>
  );
}

function facts(one: Suppression, known: number | null) {
  return [
    ['State', stateWord(one.state)],
    [
      'Hides',
      <span key="q">
        <Hostile text={one.q} mono cap={4000} />{' '}
        <Link to={alertsFound(one.q)} className={css['nowrap']}>
          What it finds
        </Link>
      </span>,
    ],
    [
      'Hits',
      one.hits > 0 ? (
        <Link key="h" to={hiddenBy(one.id)}>
          {count(one.hits, 'alert')} hidden
        </Link>
      ) : (
        'none yet'
      ),
    ],
    ['Owner', visible(personText(one.owner), 60)],
    ['Expires', <Moment key="e" at={one.expires_at} />],
    ['Stops at', watchText(one.watch)],
    ['Knows', known === null ? 'reading' : `${total(known)} users, hosts and addresses`],
    ...(one.learning_until ? [['Learns until', <Moment key="u" at={one.learning_until} />] as const] : []),
    ...(one.accepted_missed > 0
      ? [
          [
            'Accepted',
            `${count(one.accepted_missed, 'alert')} called real that it would have hidden`,
          ] as const,
        ]
      : []),
    [
      'Changed',
      <span key="c">
        <Moment at={one.updated_at} /> by {visible(personText(one.updated_by), 60)}
      </span>,
    ],
    ...(one.lifted
      ? [
          [
            'Lifted',
            <span key="l">
              <Moment at={one.lifted.at} /> by {visible(personText(one.lifted.by), 60)}
            </span>,
          ] as const,
        ]
      : []),
    ['Id', <code key="i">{one.id}</code>],
  ] as const;
}

function useDone(onClose: () => void) {
  const client = useQueryClient();
  return async (text: string) => {
    toast({ text });
    onClose();
    await client.invalidateQueries({ queryKey: ['suppressions'] });
  };
}

interface AskProps {
  one: Suppression;
  onClose: () => void;
}

function Lift({ one, onClose }: AskProps) {
  const done = useDone(onClose);
  const act = useMutation({
    mutationFn: () => lift(one.id),
    onSuccess: () => done('The suppression is lifted.'),
  });
  return (
    <Confirm
      title="Lift the suppression"
      act="Lift it"
      keep="Keep it"
      busy={act.isPending}
      fault={act.error ? faultText(act.error) : ''}
      onClose={onClose}
      onAct={() => act.mutate()}
    >
      <p>
        It hides nothing from the next alert on, for good. What it closed stays closed until it is opened
        again. The way back is a new suppression with the same search.
      </p>
    </Confirm>
  );
}

function Reopen({ one, onClose }: AskProps) {
  const done = useDone(onClose);
  const act = useMutation({
    mutationFn: () => reopen(one.id),
    onSuccess: (said) => done(reopenedText(said)),
  });
  return (
    <Confirm
      title="Open the hidden alerts again"
      act="Open them again"
      keep="Leave them closed"
      busy={act.isPending}
      fault={act.error ? faultText(act.error) : ''}
      onClose={onClose}
      onAct={() => act.mutate()}
    >
      <p>
        Of the <Link to={hiddenBy(one.id)}>{count(one.hits, 'hidden alert')}</Link> at most 10,000 come back
        to the queue at once, except what people called a false or benign positive since. They belong to no
        incident.
        {one.state === 'active' && ' The suppression goes on hiding what comes.'}
      </p>
    </Confirm>
  );
}

// What it would have hidden of what people called real is refused first, and accepted by a second press.
function GoOn({ one, etag, onClose }: AskProps & { etag: string | null }) {
  const done = useDone(onClose);
  const act = useMutation({
    mutationFn: (accept: boolean) =>
      change(one.id, { state: 'active', ...(accept ? { accept_missed: true } : {}) }, etag),
    onSuccess: () => done('The suppression goes on, and knows what came meanwhile.'),
  });
  const refused = act.error instanceof ApiError && act.error.status === 409;
  return (
    <Confirm
      title="Let it go on"
      act={refused ? 'Let it go on, hiding what was real' : 'Let it go on'}
      keep="Leave it stopped"
      busy={act.isPending}
      fault={act.error ? faultText(act.error) : ''}
      onClose={onClose}
      onAct={() => act.mutate(refused)}
    >
      {one.review && (
        <p>
          <Hostile text={one.review.sentence} cap={600} />
        </p>
      )}
      <p>It hides again, and what came meanwhile is known to it, except what people called real.</p>
    </Confirm>
  );
}
