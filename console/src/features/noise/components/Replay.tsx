// An idea of one's own: what hiding the alerts of a search would have hidden. Changes nothing.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { faultText, faultsOf } from '@/shared/api/http';
import { shortId } from '@/shared/api/wire';
import { count, percent } from '@/shared/text/words';
import { Button, Facts } from '@/shared/ui/basics';
import { TextField } from '@/shared/ui/Field';
import { Form } from '@/shared/ui/Form';
import { Loading } from '@/shared/ui/states';
import { useUrlState } from '@/shared/ui/useUrlState';
import { hiddenText, queueOf, replayQuery, type NoiseReplay } from '../noise';
import css from './Noise.module.css';

export function Replay({ days }: { days: number }) {
  const [asked, setAsked] = useUrlState('q');
  const field = useRef<HTMLInputElement>(null);
  const first = useRef(asked);
  const replay = useQuery(replayQuery(asked ?? '', days));
  // A proposal was put here: show where.
  useEffect(() => {
    if (asked !== first.current) field.current?.scrollIntoView({ block: 'center' });
  }, [asked]);
  return (
    <section className={css['part']} aria-label="Try a search">
      <h2>Try a search</h2>
      <Ask
        asked={asked ?? ''}
        busy={replay.isFetching}
        fault={replay.isError ? (faultsOf(replay.error).get('q') ?? faultText(replay.error)) : undefined}
        field={field}
        onAsk={(q) => {
          if (q === asked) void replay.refetch();
          else setAsked(q || null);
        }}
      />
      {replay.isLoading && <Loading lines={4} what="the alerts" />}
      {replay.data && <Answer replay={replay.data} days={days} />}
    </section>
  );
}

interface AskProps {
  asked: string;
  busy: boolean;
  fault: string | undefined;
  field: React.RefObject<HTMLInputElement | null>;
  onAsk: (q: string) => void;
}

function Ask({ asked, busy, fault, field, onAsk }: AskProps) {
  const [text, setText] = useState(asked);
  const [before, setBefore] = useState(asked);
  if (before !== asked) {
    setBefore(asked);
    setText(asked);
  }
  return (
    <div className={css['ask']}>
      <Form
        busy={busy}
        fault=""
        onSubmit={() => onAsk(text.trim())}
        acts={
          <div>
            <Button type="submit" look="primary" disabled={busy || text.trim() === ''}>
              Show what it would have hidden
            </Button>
          </div>
        }
      >
        <TextField
          ref={field}
          label="Alerts to hide, as a search"
          name="noise-q"
          value={text}
          maxLength={4000}
          help="Such as user:svc_backup. Nothing is changed or hidden."
          fault={fault}
          onText={setText}
        />
      </Form>
    </div>
  );
}

function Answer({ replay, days }: { replay: NoiseReplay; days: number }) {
  const { real, would_have_hidden: hidden } = replay;
  return (
    <div role="status">
      <Facts
        rows={[
          [
            'Would have hidden',
            <Link key="h" to={queueOf(replay.q, days)}>
              {hiddenText(hidden)}
            </Link>,
          ],
          [
            'Among',
            `${count(replay.alerts, 'alert')}${replay.in_part ? ', the newest of more' : ''}, ${count(replay.of_false_positives, 'false positive')} and ${replay.of_real} real`,
          ],
          ['Stays in sight', `${count(replay.stays_in_sight, 'alert')} on crown jewels, high or critical`],
          [
            'Rests on',
            `the words of ${count(replay.people, 'person', 'people')}; at most ${percent(replay.real_share_at_most)} of it may be real`,
          ],
          [
            'Real ones it would hide',
            real.length === 0 ? (
              'none that anybody called real'
            ) : (
              <ul key="r" className={css['real']}>
                {real.map((id) => (
                  <li key={id}>
                    <Link to={`/alerts/${encodeURIComponent(id)}`}>{shortId(id)}</Link>
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
      {hidden.alerts === 0 && (
        <p className="secondary">It finds no alert of this time. Choose a longer time or another search.</p>
      )}
    </div>
  );
}
