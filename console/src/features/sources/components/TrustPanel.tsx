// What the webhooks of a source must prove, and setting it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { get, reasonOf, send } from '@/shared/api/http';
import type { SourceTrust } from '@/shared/api/wire';
import { me } from '@/shared/session';
import { total } from '@/shared/text/words';
import { Button, CopyButton, Facts } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { kinds, kindWord, type TrustKind } from '../trust';
import css from './SourcesPage.module.css';

export function TrustPanel({ source }: { source: string }) {
  const path = `/api/v1/sources/${encodeURIComponent(source)}/trust`;
  const client = useQueryClient();
  const [secret, setSecret] = useState('');
  const [kind, setKind] = useState<TrustKind>('standard');
  const [asked, setAsked] = useState(false);
  const trust = useQuery({
    queryKey: ['trust', source],
    queryFn: ({ signal }) => get<SourceTrust>(path, signal),
    enabled: me.verbs.has('settings.read'),
  });
  const change = useMutation({
    mutationFn: (wanted: TrustKind | 'none') =>
      wanted === 'none'
        ? send<null>(path, { method: 'DELETE' }).then(() => '')
        : send<SourceTrust>(path, { method: 'PUT', json: { kind: wanted, generate: true } }).then(
            ({ body }) => body.secret ?? '',
          ),
    onSuccess: setSecret,
    onError: (problem) => {
      toast({ text: `Not changed: ${reasonOf(problem)}` });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['trust', source] }),
  });
  if (!trust.data) return null;
  const now = trust.data;
  return (
    <section aria-label="Webhook trust">
      <h3>Webhook trust</h3>
      <Facts rows={factsOf(now)} />
      {me.verbs.has('settings.write') && (
        <div className={css['bar']}>
          {now.kind === 'none' ? (
            <>
              <select
                aria-label="Kind of proof"
                value={kind}
                onChange={(event) => {
                  setKind(event.target.value as TrustKind);
                }}
              >
                {kinds.map(({ name, word }) => (
                  <option key={name} value={name}>
                    {word}
                  </option>
                ))}
              </select>
              <Button
                disabled={change.isPending}
                onClick={() => {
                  change.mutate(kind);
                }}
              >
                Take only signed deliveries
              </Button>
            </>
          ) : (
            <>
              <Button
                disabled={change.isPending || !kinds.some(({ name }) => name === now.kind)}
                onClick={() => {
                  change.mutate(now.kind as TrustKind);
                }}
              >
                Make a new secret
              </Button>
              <Button
                disabled={change.isPending}
                onClick={() => {
                  setAsked(true);
                }}
              >
                Take unsigned ones…
              </Button>
            </>
          )}
        </div>
      )}
      {secret !== '' && (
        <Dialog
          title="The secret, shown once"
          onClose={() => {
            setSecret('');
          }}
        >
          <p>Give it to the sender now. The one before counts for another day.</p>
          <p>
            <code>{secret}</code> <CopyButton text={secret} what="the secret" />
          </p>
        </Dialog>
      )}
      {asked && (
        <Dialog
          title={`Take unsigned deliveries of ${source}?`}
          onClose={() => {
            setAsked(false);
          }}
        >
          <p>Its secret is removed, and nothing has to be proven any more.</p>
          <DialogActions>
            <Button
              onClick={() => {
                setAsked(false);
              }}
            >
              Keep the secret
            </Button>
            <Button
              look="primary"
              onClick={() => {
                setAsked(false);
                change.mutate('none');
              }}
            >
              Remove the secret
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </section>
  );
}

function factsOf(trust: SourceTrust) {
  const refused =
    trust.refused === 0 ? (
      'none since this server started'
    ) : (
      <>
        {total(trust.refused)}, the last {trust.last_refused_at && <Moment at={trust.last_refused_at} />}:{' '}
        {trust.last_refused_reason}
      </>
    );
  const rows: [string, ReactNode][] = [['Proof', kindWord(trust)]];
  if (trust.set_at) rows.push(['Set', <Moment key="s" at={trust.set_at} />]);
  if (trust.previous_until) rows.push(['Secret before until', <Moment key="p" at={trust.previous_until} />]);
  if (trust.kind !== 'none') rows.push(['Refused', refused]);
  return rows;
}
