// Keys of programs, and tokens of the sources that hand in alerts.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey, NewApiKey } from '@/shared/api/wire';
import { count } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Age, Moment, useNow } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { holds, keysQuery, keyState, keyStates } from '../admin';
import { AddKey } from './AddKey';
import { KeyPanel } from './KeyPanel';
import { FilterBar, Head, SecretDialog, useAddress, useListKeys, type Address } from './parts';
import css from './Admin.module.css';

export default function KeysPage() {
  const address = useAddress();
  const [made, setMade] = useState<NewApiKey | null>(null);
  const now = useNow();
  const list = useQuery(keysQuery);
  usePageTitle('Keys');
  const all = list.data ?? [];
  const shown = all.filter(
    (key) =>
      (address.state === null || keyState(key, now) === address.state) &&
      holds(address.text, key.name, key.source, key.role, key.created_by),
  );
  const current = all.find(({ id }) => id === address.chosen);
  useListKeys(
    address,
    shown.map(({ id }) => id),
    keyStates,
    { title: 'Make a key…', needs: 'people.write' },
  );
  return (
    <div>
      <Head title="Keys">
        For programs, and with the role ingest for what sends alerts. The secret of a key is shown once; a key
        that is lost is revoked and made anew.
      </Head>
      <FilterBar address={address} states={keyStates} what="keys">
        <Button keys="n" needs="people.write" onClick={() => address.setAct('add')}>
          Make key…
        </Button>
      </FilterBar>
      {list.isError && <ProblemView error={list.error} what="The list" onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading lines={6} what="the keys" />}
      {list.isSuccess && shown.length === 0 && <Nothing none={all.length === 0} address={address} />}
      <div className={css['split']}>
        {shown.length > 0 && (
          <div className={css['list']}>
            <p className="muted">{count(shown.length, 'key')}</p>
            <Table keys={shown} now={now} address={address} />
          </div>
        )}
        {current && <KeyPanel key={current.id} apiKey={current} now={now} address={address} />}
      </div>
      {address.act === 'add' && (
        <AddKey
          onClose={() => address.setAct(null)}
          onAdded={(key) => {
            address.setAct(null);
            address.choose(key.id);
            setMade(key);
          }}
        />
      )}
      {made && (
        <SecretDialog
          title="The key is made"
          secret={made.token}
          what="the key"
          onClose={() => setMade(null)}
        >
          Send it as <code>Authorization: Bearer …</code>
          {made.source !== '' && (
            <>
              , or, from a tool that cannot set headers, in the address{' '}
              <code>
                {location.origin}/api/v1/webhooks/{encodeURIComponent(made.source)}/…
              </code>
            </>
          )}
          .
        </SecretDialog>
      )}
    </div>
  );
}

function Nothing({ none, address }: { none: boolean; address: Address }) {
  if (none)
    return (
      <Empty text="No program has a key yet. Make one for each tool that sends alerts, and one for each script.">
        <Button needs="people.write" onClick={() => address.setAct('add')}>
          Make key…
        </Button>
      </Empty>
    );
  return (
    <Empty text="No key fits this filter.">
      <Button
        onClick={() => {
          address.setText('');
          address.setState(null);
        }}
      >
        All keys
      </Button>
    </Empty>
  );
}

function Table({ keys, now, address }: { keys: readonly ApiKey[]; now: number; address: Address }) {
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          {['Key', 'Role', 'Source', 'State', 'Ends', 'Last used', 'Made by'].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => {
          const state = keyState(key, now);
          return (
            <tr key={key.id} className={key.id === address.chosen ? css['chosen'] : undefined}>
              <td>
                <button
                  type="button"
                  className={css['name']}
                  aria-current={key.id === address.chosen || undefined}
                  onClick={() => address.choose(key.id)}
                >
                  <Hostile text={key.name} kind="name" cap={60} />
                </button>
              </td>
              <td>{key.role}</td>
              <td>
                {key.source === '' ? (
                  <span className="muted">{key.role === 'ingest' ? 'any' : '–'}</span>
                ) : (
                  <Hostile text={key.source} kind="name" cap={40} />
                )}
              </td>
              <td className={state === 'in use' ? undefined : css['off']}>{state}</td>
              <td>
                {key.expires_at ? <Moment at={key.expires_at} /> : <span className="muted">never</span>}
              </td>
              <td>
                {key.last_used ? (
                  <>
                    <Age at={key.last_used} /> ago
                  </>
                ) : (
                  <span className="muted">never</span>
                )}
              </td>
              <td>
                <Hostile text={key.created_by} kind="name" cap={40} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
