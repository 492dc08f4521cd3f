// The bound, what it would have closed, and the question before it is switched on.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { faultsOf, faultText } from '@/shared/api/http';
import { shortId } from '@/shared/api/wire';
import { alertsWhere } from '@/shared/query/write';
import { may } from '@/shared/session';
import { count, sentence, total } from '@/shared/text/words';
import { Button, Facts } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Fault, TextField } from '@/shared/ui/Field';
import { Form } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Loading, ProblemView } from '@/shared/ui/states';
import { toast } from '@/shared/ui/toasts';
import {
  autoCloseQuery,
  policyOf,
  previewQuery,
  promiseText,
  setAutoClose,
  share,
  typedOf,
  type AutoClose,
  type Policy,
  type Preview,
} from '../autoClose';
import css from './AutoClose.module.css';

const kDays = 7;

export function PolicyForm({ standing }: { standing: AutoClose }) {
  const [typed, setTyped] = useState(() => typedOf(standing));
  const [shown, setShown] = useState<Policy | null>(null);
  const [asked, setAsked] = useState<Policy | null>(null);
  const [checked, setChecked] = useState(false);
  const preview = useQuery(previewQuery(kDays, shown));
  const { policy, faults: wrong } = policyOf(typed);
  const faults = checked ? wrong : new Map<string, string>();
  const refused = preview.isError ? faultsOf(preview.error) : new Map<string, string>();
  const edit = (change: Partial<typeof typed>) => {
    setTyped({ ...typed, ...change });
    setShown(null);
  };
  const ifRight = (act: (policy: Policy) => void) => {
    setChecked(true);
    if (wrong.size === 0) act(policy);
  };
  return (
    <section className={css['part']} aria-label="Policy">
      <h2>Policy</h2>
      <div className={css['form']}>
        <Form
          busy={preview.isFetching}
          fault=""
          noValidate
          onSubmit={() => ifRight(setShown)}
          acts={
            <div className={css['acts']}>
              <Button type="submit">Show what it would have closed</Button>
              <Button needs="settings.write" look="primary" onClick={() => ifRight(setAsked)}>
                {standing.state === 'on' ? 'Switch on with these…' : 'Switch on…'}
              </Button>
            </div>
          }
        >
          <TextField
            label="Real decisions that may be missed, percent"
            name="max_missed_share"
            value={typed.missed}
            inputMode="decimal"
            help="From 0.1 to 20. The smaller, the more decided alerts are needed: 1 takes 299 real ones at 95."
            fault={faults.get('max_missed_share') ?? refused.get('max_missed_share')}
            onText={(missed) => edit({ missed })}
          />
          <TextField
            label="How sure that must be, percent"
            name="confidence"
            value={typed.confidence}
            inputMode="decimal"
            help="From 80 to 99.9."
            fault={faults.get('confidence') ?? refused.get('confidence')}
            onText={(confidence) => edit({ confidence })}
          />
          <TextField
            label="Minutes to wait after an alert came"
            name="wait_minutes"
            value={typed.wait}
            inputMode="numeric"
            help="So that incidents can form. From 0 to 1440."
            fault={faults.get('wait_minutes')}
            onText={(wait) => edit({ wait })}
          />
        </Form>
      </div>
      {!may('settings.write') && (
        <p className="secondary">Switching it on needs the right settings.write: ask an administrator.</p>
      )}
      {preview.isLoading && <Loading lines={4} what="what it would have closed" />}
      {preview.isError && refused.size === 0 && (
        <ProblemView error={preview.error} what="The preview" onRetry={() => void preview.refetch()} />
      )}
      {preview.data && <PreviewView preview={preview.data} />}
      {asked && <SwitchOn policy={asked} onClose={() => setAsked(null)} />}
    </section>
  );
}

function PreviewView({ preview }: { preview: Preview }) {
  if (!preview.available)
    return (
      <p role="status">
        <b>Refused with this policy.</b> <Hostile text={sentence(preview.sentence)} cap={600} />{' '}
        <Link to="/queue?list=alerts">Set verdicts in the queue</Link>, or state a larger share.
      </p>
    );
  return (
    <div role="status" className={css['preview']}>
      <Facts
        rows={[
          [
            `Last ${kDays} days`,
            `${count(preview.alerts, 'alert')}, ${total(preview.may_be_closed)} of them may be closed`,
          ],
          [
            'Would have closed',
            `${count(preview.would_close, 'alert')} at ${share(preview.threshold ?? 1)} or more`,
          ],
          ['Real ones among them', `${preview.missed} of ${preview.true_positives} that may be closed`],
          [
            'Threshold',
            preview.held_back
              ? 'chosen on what was decided before these days'
              : 'chosen on these days, too: the figures flatter',
          ],
        ]}
      />
      {preview.missed_ids.length > 0 && (
        <ul className={css['ids']} aria-label="Real alerts that it would have closed">
          {preview.missed_ids.map((id) => (
            <li key={id}>
              <Link to={`/alerts/${encodeURIComponent(id)}`}>{shortId(id)}</Link>
            </li>
          ))}
        </ul>
      )}
      <ul>
        {preview.rules.map(({ source, type, would_close: n, missed }) => (
          <li key={`${source} ${type}`}>
            <Link to={alertsWhere(['source', source], ['type', type])}>
              <Hostile text={`${source} ${type}`} cap={120} />
            </Link>
            : {total(n)}, {missed} real
          </li>
        ))}
      </ul>
    </div>
  );
}

// Says what is agreed to; nothing happens until the box is ticked.
function SwitchOn({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const [agreed, setAgreed] = useState(false);
  const client = useQueryClient();
  const on = useMutation({
    mutationFn: () => setAutoClose({ enabled: true, ...policy }),
    onSuccess: (standing) => {
      client.setQueryData(autoCloseQuery.queryKey, standing);
      toast({ text: `Auto-close is on from ${share(standing.threshold ?? 1)}.` });
      onClose();
    },
  });
  return (
    <Dialog title="Switch auto-close on?" onClose={onClose}>
      <p>{promiseText(policy)}</p>
      <p>
        From now on alerts are closed without a person, {count(policy.wait_minutes, 'minute')} after they
        came. 5% stay open for review, and somebody has to decide them. It stops itself at a miss, at drift or
        without reviews. Each switching on is a new test: trying until it passes leaves no guarantee.
      </p>
      <label className={css['agree']}>
        <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.target.checked)} />
        <span>I agree that up to {share(policy.max_missed_share)} of real decisions are closed unseen.</span>
      </label>
      <Fault>{on.isError ? `Not switched on. ${faultText(on.error)}` : ''}</Fault>
      <DialogActions>
        <Button data-autofocus="" onClick={onClose}>
          Leave it as it is
        </Button>
        <Button look="danger" disabled={!agreed || on.isPending} onClick={() => on.mutate()}>
          Switch on
        </Button>
      </DialogActions>
    </Dialog>
  );
}
