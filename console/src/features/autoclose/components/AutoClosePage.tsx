// Closing by a stated bound: whether it may, what it promised, what came of it, and the way back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { faultText } from '@/shared/api/http';
import { shortId } from '@/shared/api/wire';
import { NotThereYet, PageHead } from '@/shared/list/List';
import { count, sentence, total } from '@/shared/text/words';
import { Button, Facts } from '@/shared/ui/basics';
import { Confirm } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import {
  autoCloseQuery,
  boundText,
  closedRows,
  holds,
  reopenAll,
  setAutoClose,
  share,
  stateWords,
  stopWords,
  type AutoClose,
} from '../autoClose';
import { PolicyForm } from './PolicyForm';
import css from './AutoClose.module.css';

export default function AutoClosePage() {
  const standing = useQuery(autoCloseQuery);
  usePageTitle('Auto-close');
  return (
    <div className={css['page']}>
      <PageHead title="Auto-close">
        Closes alerts that are almost surely nothing, within a bound that you state. Off until somebody
        switches it on. High and critical alerts, crown jewels and whatever somebody took up are never closed.
      </PageHead>
      <NotThereYet list={standing} what="the policy" />
      {standing.data && <Standing standing={standing.data} />}
    </div>
  );
}

function Standing({ standing }: { standing: AutoClose }) {
  const { state, stopped } = standing;
  return (
    <>
      <section className={css['part']} aria-label="State">
        <h2>{stateWords[state]}</h2>
        {stopped && (
          <div className={css['stopped']}>
            <p>
              <b>{stopWords[stopped.reason]}</b>
            </p>
            <p>
              <Hostile text={sentence(stopped.sentence)} cap={600} /> <Moment at={stopped.at} />. Nothing is
              closed until somebody switches it on again, which chooses a new threshold.
            </p>
          </div>
        )}
        {state !== 'on' && !standing.available && (
          <p>
            <b>It cannot be switched on with this policy.</b>{' '}
            <Hostile text={sentence(standing.sentence)} cap={600} />{' '}
            <Link to="/queue?list=alerts">Set verdicts in the queue</Link>, or state a larger share below.
          </p>
        )}
        {state === 'off' && standing.available && (
          <p>What people decided is enough for the policy below. See first what it would have closed.</p>
        )}
        <Acts standing={standing} />
      </section>
      {(state !== 'off' || standing.closed > 0) && <Achieved standing={standing} />}
      <PolicyForm key={String(standing.since)} standing={standing} />
    </>
  );
}

function Acts({ standing }: { standing: AutoClose }) {
  const [asked, setAsked] = useState(false);
  const client = useQueryClient();
  const done = () => client.invalidateQueries();
  const off = useMutation({
    mutationFn: () => setAutoClose({ enabled: false }),
    onSuccess: () => {
      toast({ text: 'Auto-close is off. What it closed stays closed.' });
    },
    onError: (problem) => {
      toast({ text: `Not switched off. ${faultText(problem)}` });
    },
    onSettled: done,
  });
  const reopen = useMutation({
    mutationFn: reopenAll,
    onSuccess: ({ reopened, in_part: inPart }) => {
      setAsked(false);
      toast({
        text: `${count(reopened, 'alert')} opened again; auto-close is off.${inPart ? ' There are more: open them again once more.' : ''}`,
      });
    },
    onSettled: done,
  });
  return (
    <div className={css['acts']}>
      {standing.state === 'on' && (
        <Button needs="settings.write" disabled={off.isPending} onClick={() => off.mutate()}>
          Switch off
        </Button>
      )}
      {standing.closed > 0 && (
        <Button needs="settings.write" look="danger" onClick={() => setAsked(true)}>
          Reopen all it closed…
        </Button>
      )}
      {asked && (
        <Confirm
          title="Reopen everything it closed?"
          act="Switch off and reopen all"
          keep="Leave them closed"
          busy={reopen.isPending}
          fault={reopen.isError ? `Not reopened. ${faultText(reopen.error)}` : ''}
          onClose={() => setAsked(false)}
          onAct={() => reopen.mutate()}
        >
          <p>
            Auto-close is switched off, and up to {count(standing.closed, 'alert')} that it closed are opened
            in your name. What a person called a false alarm or allowed since stays closed.
          </p>
        </Confirm>
      )}
    </div>
  );
}

function Achieved({ standing }: { standing: AutoClose }) {
  const { guarantee, achieved, review, drift } = standing;
  const rows: (readonly [string, ReactNode])[] = [
    [
      'Switched on',
      standing.since ? (
        <>
          <Moment at={standing.since} /> by <Hostile text={standing.set_by ?? 'nobody'} cap={60} />
        </>
      ) : (
        'never'
      ),
    ],
    [
      'Threshold',
      standing.threshold === null
        ? 'none'
        : `false-positive probability of ${share(standing.threshold)} or more`,
    ],
    ['Promised when switched on', guarantee ? boundText(guarantee) : 'nothing'],
    ['By all decisions so far', achieved ? <HoldsText standing={standing} /> : 'not known yet'],
    [
      'Closed',
      <Link key="c" to={closedRows}>
        {count(standing.closed, 'alert')}
      </Link>,
    ],
    ['Looked at', `${total(standing.judged)}, at most ${total(standing.behind)} waiting`],
    [
      'Drift',
      drift.distance === 0
        ? 'not measured until 500 alerts came'
        : `${drift.distance.toFixed(2)} of at most ${drift.limit.toFixed(2)}`,
    ],
    [
      `Kept for review (${share(review.share)})`,
      `${total(review.kept)}; ${total(review.decided)} decided, ${total(review.real)} of them real: at most ${share(review.real_share_at_most)} of what is closed is real`,
    ],
  ];
  return (
    <section className={css['part']} aria-label="What came of it">
      <h2>What came of it</h2>
      <Facts rows={rows} />
      <h3>Reviews due ({review.waiting.length})</h3>
      {review.waiting.length === 0 ? (
        <p className="secondary">
          None wait. Chance keeps some alerts open; they stand here until somebody decides them.
        </p>
      ) : (
        <>
          <p className="secondary">Decide these: without reviews it stops itself.</p>
          <ul className={css['ids']}>
            {review.waiting.map((id) => (
              <li key={id}>
                <Link to={`/alerts/${encodeURIComponent(id)}`}>{shortId(id)}</Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function HoldsText({ standing }: { standing: AutoClose }) {
  const { achieved, max_missed_share: promised } = standing;
  if (!achieved) return null;
  return (
    <span className={holds(standing) ? css['holds'] : css['broken']}>
      {boundText(achieved)}: {holds(standing) ? 'within' : 'above'} the {share(promised)} that was stated
    </span>
  );
}
