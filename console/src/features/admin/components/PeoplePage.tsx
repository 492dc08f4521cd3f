// Who may sign in, and as what.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewPerson, Person } from '@/shared/api/wire';
import type { Column } from '@/shared/list/RowTable';
import { SecretDialog } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { grantText, peopleQuery, personState, personStates } from '../admin';
import { AddPerson } from './AddPerson';
import { AdminList } from './AdminList';
import { useAddress } from './parts';
import { PersonPanel } from './PersonPanel';

const columns: readonly [Column<Person>, ...Column<Person>[]] = [
  { title: 'Sign-in name', cell: (person) => <Hostile text={person.login} kind="name" cap={60} /> },
  { title: 'Name', look: 'wide', cell: (person) => <Hostile text={person.name} kind="name" cap={80} /> },
  {
    title: 'Roles',
    look: 'wide',
    cell: (person) => <Hostile text={person.grants.map(grantText).join('; ')} kind="name" cap={160} />,
  },
  {
    title: 'State',
    cell: (person) => (person.disabled ? 'Suspended' : 'Active'),
    warns: (person) => person.disabled,
  },
  {
    title: 'Second factor',
    cell: (person) => (person.second_factor ? 'On' : <span className="muted">off</span>),
  },
  {
    title: 'Last sign-in',
    cell: (person) =>
      person.last_sign_in ? <Moment at={person.last_sign_in} /> : <span className="muted">never</span>,
  },
];

export default function PeoplePage() {
  const address = useAddress();
  const [made, setMade] = useState<NewPerson | null>(null);
  const list = useQuery(peopleQuery);
  return (
    <AdminList
      title="People"
      about="Who may sign in, and what they may do where. A person is never deleted, only suspended, so that the audit keeps its names."
      one="person"
      many="people"
      list={list}
      columns={columns}
      idOf={(person) => person.id}
      states={personStates}
      stateOf={personState}
      wordsOf={(person) => [person.login, person.name]}
      add={{ title: 'Add person…', needs: 'people.write' }}
      none="Nobody has to sign in here: whoever reaches this address is administrator. Add the first admin to change that."
      noneFits="Nobody fits this filter."
      details={(person) => (
        <PersonPanel key={person.id} person={person} address={address} onPassword={setMade} />
      )}
      address={address}
    >
      {address.act === 'add' && (
        <AddPerson
          isFirst={list.data?.length === 0}
          onClose={() => address.setAct(null)}
          onAdded={(person) => {
            address.setAct(null);
            address.choose(person.id);
            setMade(person);
          }}
        />
      )}
      {made?.password && (
        <SecretDialog
          title={`Password of ${made.login}`}
          secret={made.password}
          what="the password"
          kept="The server keeps only its hash."
          onClose={() => setMade(null)}
        >
          Hand it to <Hostile text={made.name} cap={120} /> in a safe way. At the first sign-in it must be
          changed.
        </SecretDialog>
      )}
    </AdminList>
  );
}
