// What the webhooks of a source must prove, and setting it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { faultText, get, send } from '@/shared/api/http';
import type { SourceTrust } from '@/shared/api/wire';
import { Acts } from '@/shared/list/List';
import { may } from '@/shared/session';
import { total } from '@/shared/text/words';
import { Button, Facts } from '@/shared/ui/basics';
import { Fault } from '@/shared/ui/Field';
import { Confirm, SecretDialog } from '@/shared/ui/Form';
import { ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { canBeMade, kinds, kindWord, type TrustKind } from '../trust';

export function TrustPanel({ source }: { source: string }) {
  const path = `/api/v1/sources/${encodeURIComponent(source)}/trust`;
  const client = useQueryClient();
  const [made, setMade] = useState<SourceTrust | null>(null);
  const [asked, setAsked] = useState(false);
  const trust = useQuery({
    queryKey: ['trust', source],
    queryFn: ({ signal }) => get<SourceTrust>(path, signal),
    enabled: may('settings.read'),
    refetchInterval: 10_000,
  });
  const onSettled = () => client.invalidateQueries({ queryKey: ['trust', source] });
  const make = useMutation({
    mutationFn: (kind: TrustKind) =>
      send<SourceTrust>(path, { method: 'PUT', json: { kind, generate: true } }),
    onSuccess: ({ body }) => setMade(body),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: () => send<null>(path, { method: 'DELETE' }),
    onSuccess: () => setAsked(false),
    onSettled,
  });
  if (trust.isError && !trust.data)
    return <ProblemView error={trust.error} what="The trust" onRetry={() => void trust.refetch()} />;
  if (!trust.data) return null;
  const { kind } = trust.data;
  return (
    <section aria-label="Webhook trust">
      <h3>Webhook trust</h3>
      <Facts rows={factsOf(trust.data)} />
      {may('settings.write') && kind === 'none' && <Choose busy={make.isPending} onChoose={make.mutate} />}
      {may('settings.write') && kind !== 'none' && (
        <Acts>
          {canBeMade(kind) && (
            <Button disabled={make.isPending} onClick={() => make.mutate(kind)}>
              Make a new secret
            </Button>
          )}
          <Button onClick={() => setAsked(true)}>Take unsigned ones…</Button>
        </Acts>
      )}
      <Fault>{make.error ? `Not changed. ${faultText(make.error)}` : ''}</Fault>
      {made?.secret && (
        <SecretDialog
          title={`Secret of ${source}`}
          secret={made.secret}
          what="the secret"
          kept="The server keeps it sealed."
          onClose={() => setMade(null)}
        >
          Give it to the sender now.{' '}
          {made.previous_until && (
            <>
              The one before counts until <Moment at={made.previous_until} />.
            </>
          )}
        </SecretDialog>
      )}
      {asked && (
        <Confirm
          title={`Take unsigned deliveries of ${source}?`}
          act="Remove the secret"
          keep="Keep the secret"
          busy={remove.isPending}
          fault={remove.error ? `Not removed. ${faultText(remove.error)}` : ''}
          onClose={() => setAsked(false)}
          onAct={() => remove.mutate()}
        >
          <p>Its secret is removed, and nothing has to be proven any more.</p>
        </Confirm>
      )}
    </section>
  );
}

function Choose({ busy, onChoose }: { busy: boolean; onChoose: (kind: TrustKind) => void }) {
  const [kind, setKind] = useState<TrustKind>('standard');
  return (
    <Acts>
      <select
        className="control"
        aria-label="Kind of proof"
        value={kind}
        onChange={(event) => setKind(event.target.value as TrustKind)}
      >
        {kinds.map(({ name, word }) => (
          <option key={name} value={name}>
            {word}
          </option>
        ))}
      </select>
      <Button disabled={busy} onClick={() => onChoose(kind)}>
        Take only signed deliveries
      </Button>
    </Acts>
  );
}

function factsOf(trust: SourceTrust) {
  const rows: [string, ReactNode][] = [['Proof', kindWord(trust)]];
  if (trust.set_at) rows.push(['Set', <Moment key="s" at={trust.set_at} />]);
  if (trust.previous_until) rows.push(['Secret before until', <Moment key="p" at={trust.previous_until} />]);
  if (trust.kind !== 'none') rows.push(['Refused', <Refused key="r" trust={trust} />]);
  return rows;
}

function Refused({ trust }: { trust: SourceTrust }) {
  if (trust.refused === 0) return <>none since this server started</>;
  return (
    <>
      {total(trust.refused)}, the last {trust.last_refused_at && <Moment at={trust.last_refused_at} />}:{' '}
      {trust.last_refused_reason}
    </>
  );
}
