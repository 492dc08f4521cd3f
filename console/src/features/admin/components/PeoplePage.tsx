// Who may sign in, and as what.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewPerson, Person } from '@/shared/api/wire';
import { count } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { grantText, holds, peopleQuery, personState, personStates } from '../admin';
import { AddPerson } from './AddPerson';
import { FilterBar, Head, SecretDialog, useAddress, useListKeys, type Address } from './parts';
import { PersonPanel } from './PersonPanel';
import css from './Admin.module.css';

export default function PeoplePage() {
  const address = useAddress();
  const [made, setMade] = useState<NewPerson | null>(null);
  const list = useQuery(peopleQuery);
  usePageTitle('People');
  const all = list.data ?? [];
  const shown = all.filter(
    (person) =>
      (address.state === null || personState(person) === address.state) &&
      holds(address.text, person.login, person.name),
  );
  const current = all.find(({ id }) => id === address.chosen);
  useListKeys(
    address,
    shown.map(({ id }) => id),
    personStates,
    { title: 'Add a person…', needs: 'people.write' },
  );
  return (
    <div>
      <Head title="People">
        Who may sign in, and what they may do where. A person is never deleted, only suspended, so that the
        audit keeps its names.
      </Head>
      <FilterBar address={address} states={personStates} what="people">
        <Button keys="n" needs="people.write" onClick={() => address.setAct('add')}>
          Add person…
        </Button>
      </FilterBar>
      {list.isError && <ProblemView error={list.error} what="The list" onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading lines={6} what="the people" />}
      {list.isSuccess && shown.length === 0 && <Nothing none={all.length === 0} address={address} />}
      <div className={css['split']}>
        {shown.length > 0 && (
          <div className={css['list']}>
            <p className="muted">{count(shown.length, 'person', 'people')}</p>
            <Table people={shown} address={address} />
          </div>
        )}
        {current && <PersonPanel key={current.id} person={current} address={address} onPassword={setMade} />}
      </div>
      {address.act === 'add' && (
        <AddPerson
          isFirst={list.isSuccess && all.length === 0}
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
          onClose={() => setMade(null)}
        >
          Hand it to <Hostile text={made.name} cap={120} /> in a safe way. At the first sign-in it must be
          changed.
        </SecretDialog>
      )}
    </div>
  );
}

function Nothing({ none, address }: { none: boolean; address: Address }) {
  if (none)
    return (
      <Empty text="Nobody has to sign in here: whoever reaches this address is administrator. Add the first admin to change that.">
        <Button needs="people.write" onClick={() => address.setAct('add')}>
          Add person…
        </Button>
      </Empty>
    );
  return (
    <Empty text="Nobody fits this filter.">
      <Button
        onClick={() => {
          address.setText('');
          address.setState(null);
        }}
      >
        All people
      </Button>
    </Empty>
  );
}

function Table({ people, address }: { people: readonly Person[]; address: Address }) {
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          {['Sign-in name', 'Name', 'Roles', 'State', 'Second factor', 'Last sign-in'].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.id} className={person.id === address.chosen ? css['chosen'] : undefined}>
            <td>
              <button
                type="button"
                className={css['name']}
                aria-current={person.id === address.chosen || undefined}
                onClick={() => address.choose(person.id)}
              >
                <Hostile text={person.login} kind="name" cap={60} />
              </button>
            </td>
            <td className={css['wide']}>
              <Hostile text={person.name} kind="name" cap={80} />
            </td>
            <td className={css['wide']}>
              <Hostile text={person.grants.map(grantText).join('; ')} kind="name" cap={160} />
            </td>
            <td className={person.disabled ? css['off'] : undefined}>
              {person.disabled ? 'Suspended' : 'Active'}
            </td>
            <td>{person.second_factor ? 'On' : <span className="muted">off</span>}</td>
            <td>
              {person.last_sign_in ? (
                <Moment at={person.last_sign_in} />
              ) : (
                <span className="muted">never</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
