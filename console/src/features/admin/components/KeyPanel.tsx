// One key: what it may do, and its end.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { faultText } from '@/shared/api/http';
import type { ApiKey } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Acts, Details } from '@/shared/list/List';
import { may } from '@/shared/session';
import { visible } from '@/shared/text/hostile';
import { scopeText } from '@/shared/text/scope';
import { Button, Facts } from '@/shared/ui/basics';
import { Confirm } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { keysQuery, keyState, revokeKey, rightsText, rolesQuery } from '../admin';
import type { Address } from './parts';

export function KeyPanel({ apiKey, now, address }: { apiKey: ApiKey; now: number; address: Address }) {
  const table = useQuery(rolesQuery).data;
  const canRevoke = !apiKey.revoked;
  const ask = () => address.setAct('revoke');
  useActions([
    {
      id: 'revoke-key',
      title: 'Revoke key…',
      group: 'Work',
      keys: ['x'],
      needs: 'people.write',
      blocked: canRevoke ? null : 'It is revoked.',
      run: ask,
    },
  ]);
  return (
    <Details
      label="Key"
      title={<Hostile text={apiKey.name} kind="name" cap={120} />}
      onClose={() => address.choose(null)}
    >
      <Facts
        rows={[
          ['State', keyState(apiKey, now)],
          ['Role', apiKey.role],
          ['Rights', rightsText(apiKey, table)],
          ['Source', <Hostile key="s" text={apiKey.source} kind="name" cap={64} />],
          ['Scope', <Hostile key="o" text={scopeText(apiKey.scope)} kind="name" cap={2000} />],
          ['Made', <Moment key="c" at={apiKey.created_at} />],
          ['Made by', <Hostile key="b" text={apiKey.created_by} kind="name" cap={120} />],
          ['Ends', apiKey.expires_at ? <Moment key="e" at={apiKey.expires_at} /> : 'never'],
          ['Last used', apiKey.last_used ? <Moment key="u" at={apiKey.last_used} /> : 'never'],
          ['Id', <code key="i">{apiKey.id}</code>],
        ]}
      />
      <details>
        <summary>All rights</summary>
        <p className="secondary">{apiKey.verbs.join(', ')}</p>
      </details>
      {canRevoke && (
        <Acts>
          <Button look="danger" keys="x" needs="people.write" onClick={ask}>
            Revoke key…
          </Button>
        </Acts>
      )}
      {canRevoke && may('people.write') && address.act === 'revoke' && (
        <Revoke apiKey={apiKey} onClose={() => address.setAct(null)} />
      )}
    </Details>
  );
}

function Revoke({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const client = useQueryClient();
  const name = visible(apiKey.name, 60);
  const revoke = useMutation({
    mutationFn: () => revokeKey(apiKey),
    onSuccess: () => {
      onClose();
      toast({ text: `The key ${name} is revoked.` });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
  return (
    <Confirm
      title={`Revoke ${name}`}
      act="Revoke key"
      keep="Keep key"
      busy={revoke.isPending}
      fault={revoke.error ? `Not revoked. ${faultText(revoke.error)}` : ''}
      onClose={onClose}
      onAct={() => revoke.mutate()}
    >
      <p>
        Whatever uses <Hostile text={apiKey.name} kind="name" cap={100} /> is refused within a second. This
        cannot be undone; a new key can be made.{' '}
        {apiKey.last_used ? (
          <>
            It was last used <Moment at={apiKey.last_used} />.
          </>
        ) : (
          'It was never used.'
        )}
      </p>
    </Confirm>
  );
}
