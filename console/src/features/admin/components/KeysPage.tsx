// Keys of programs, and tokens of the sources that hand in alerts.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey, NewApiKey } from '@/shared/api/wire';
import type { Column } from '@/shared/list/RowTable';
import { SecretDialog } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Age, Moment, useNow } from '@/shared/ui/TimeText';
import { keysQuery, keyState, keyStates } from '../admin';
import { AddKey } from './AddKey';
import { AdminList } from './AdminList';
import { KeyPanel } from './KeyPanel';
import { useAddress } from './parts';

const columnsAt = (now: number): readonly [Column<ApiKey>, ...Column<ApiKey>[]] => [
  { title: 'Key', cell: (key) => <Hostile text={key.name} kind="name" cap={60} /> },
  { title: 'Role', cell: (key) => key.role },
  { title: 'Source', cell: (key) => <Source apiKey={key} /> },
  {
    title: 'State',
    cell: (key) => keyState(key, now),
    warns: (key) => keyState(key, now) !== 'in use',
  },
  {
    title: 'Ends',
    cell: (key) => (key.expires_at ? <Moment at={key.expires_at} /> : <span className="muted">never</span>),
  },
  {
    title: 'Last used',
    cell: (key) =>
      key.last_used ? (
        <>
          <Age at={key.last_used} /> ago
        </>
      ) : (
        <span className="muted">never</span>
      ),
  },
  { title: 'Made by', cell: (key) => <Hostile text={key.created_by} kind="name" cap={40} /> },
];

export default function KeysPage() {
  const address = useAddress();
  const [made, setMade] = useState<NewApiKey | null>(null);
  const now = useNow();
  const list = useQuery(keysQuery);
  return (
    <AdminList
      title="Keys"
      about="For programs, and with the role ingest for what sends alerts. The secret of a key is shown once; a key that is lost is revoked and made anew."
      one="key"
      many="keys"
      list={list}
      columns={columnsAt(now)}
      idOf={(key) => key.id}
      states={keyStates}
      stateOf={(key) => keyState(key, now)}
      wordsOf={(key) => [key.name, key.source, key.role, key.created_by]}
      add={{ title: 'Make key…', needs: 'people.write' }}
      none="No program has a key yet. Make one for each tool that sends alerts, and one for each script."
      noneFits="No key fits this filter."
      details={(key) => <KeyPanel key={key.id} apiKey={key} now={now} address={address} />}
      address={address}
    >
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
      {made && <Made made={made} onClose={() => setMade(null)} />}
    </AdminList>
  );
}

function Source({ apiKey: { role, source } }: { apiKey: ApiKey }) {
  if (source !== '') return <Hostile text={source} kind="name" cap={40} />;
  return <span className="muted">{role === 'ingest' ? 'any' : '–'}</span>;
}

function Made({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  return (
    <SecretDialog
      title="The key is made"
      secret={made.token}
      what="the key"
      kept="The server keeps only its hash."
      onClose={onClose}
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
  );
}
