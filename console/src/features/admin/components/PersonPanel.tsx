// One person: roles, and the ways to help or to stop them.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { faultsOf, faultText } from '@/shared/api/http';
import type { NewPerson, Person, PersonChange } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Acts, Details } from '@/shared/list/List';
import { may, me } from '@/shared/session';
import { visible } from '@/shared/text/hostile';
import { Button, Facts } from '@/shared/ui/basics';
import { Confirm, FormDialog } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { changePerson, grantText, peopleQuery } from '../admin';
import { NameField } from './AddPerson';
import { GrantRows } from './GrantRows';
import type { Address } from './parts';

interface Act {
  id: string; // in the address
  title: string;
  key: string;
  keep: string;
  change: PersonChange;
  done: string;
  says: (name: ReactNode) => ReactNode;
  fits: (person: Person) => boolean;
}

const acts: readonly Act[] = [
  {
    id: 'suspend',
    title: 'Suspend',
    key: 's',
    keep: 'Keep active',
    change: { disabled: true },
    done: 'Suspended, and signed out everywhere.',
    says: (name) => (
      <>
        {name} is signed out everywhere within a second and cannot sign in any more. What they did stays, and
        the account can be resumed.
      </>
    ),
    fits: (person) => !person.disabled,
  },
  {
    id: 'resume',
    title: 'Resume',
    key: 's',
    keep: 'Keep suspended',
    change: { disabled: false },
    done: 'May sign in again.',
    says: (name) => <>{name} may sign in again, with the password and the roles of before.</>,
    fits: (person) => person.disabled,
  },
  {
    id: 'password',
    title: 'Reset password',
    key: 'p',
    keep: 'Keep password',
    change: { reset_password: true },
    done: 'The password is reset.',
    says: (name) => (
      <>
        {name} gets a new password, which you are shown once, and is signed out everywhere. The present
        password is not taken any more.
      </>
    ),
    fits: (person) => !person.external,
  },
  {
    id: 'sessions',
    title: 'Sign out everywhere',
    key: 'o',
    keep: 'Keep signed in',
    change: { end_sessions: true },
    done: 'Signed out everywhere.',
    says: (name) => <>{name} is signed out on every device within a second and may sign in again.</>,
    fits: (person) => !person.disabled,
  },
  {
    id: 'factor',
    title: 'Reset second factor',
    key: '2',
    keep: 'Keep second factor',
    change: { reset_second_factor: true },
    done: 'The second factor is off.',
    says: (name) => (
      <>
        {name} signs in with the password alone until a new authenticator is set up. Make sure that it is
        really them who asked.
      </>
    ),
    fits: (person) => person.second_factor,
  },
];

interface Props {
  person: Person;
  address: Address;
  onPassword: (person: NewPerson) => void;
}

export function PersonPanel({ person, address, onPassword }: Props) {
  const isSelf = person.login === me.name;
  // One's own password, sessions and second factor are in "My account"; nobody locks themselves out from here.
  const offered = isSelf ? [] : acts.filter((act) => act.fits(person));
  const open = offered.find(({ id }) => id === address.act);
  useActions([
    ...offered.map((act) => ({
      id: `person-${act.id}`,
      title: `${act.title}…`,
      group: 'Work' as const,
      keys: [act.key],
      needs: 'people.write' as const,
      run: () => address.setAct(act.id),
    })),
    {
      id: 'person-edit',
      title: 'Change name and roles…',
      group: 'Work',
      keys: ['e'],
      needs: 'people.write',
      run: () => address.setAct('edit'),
    },
  ]);
  return (
    <Details
      label="Person"
      title={<Hostile text={person.name} kind="name" cap={120} />}
      onClose={() => address.choose(null)}
    >
      <Facts rows={factsOf(person)} />
      {isSelf && (
        <p className="secondary">
          This is you: password, sessions and second factor are in <Link to="/account">your account</Link>.
        </p>
      )}
      <Acts>
        <Button keys="e" needs="people.write" onClick={() => address.setAct('edit')}>
          Change name and roles…
        </Button>
        {offered.map((act) => (
          <Button key={act.id} keys={act.key} needs="people.write" onClick={() => address.setAct(act.id)}>
            {act.title}…
          </Button>
        ))}
      </Acts>
      {may('people.write') && open && (
        <Sure person={person} act={open} onClose={() => address.setAct(null)} onPassword={onPassword} />
      )}
      {may('people.write') && address.act === 'edit' && (
        <Edit person={person} onClose={() => address.setAct(null)} />
      )}
    </Details>
  );
}

function factsOf(person: Person) {
  return [
    ['Sign-in name', <Hostile key="l" text={person.login} kind="name" mono cap={200} />],
    ['Roles', <Hostile key="r" text={person.grants.map(grantText).join('; ')} kind="name" cap={2000} />],
    ['State', person.disabled ? 'Suspended' : 'Active'],
    [
      'Password',
      person.external
        ? 'signs in through the provider'
        : person.must_change_password
          ? 'must be changed at the next sign-in'
          : 'their own',
    ],
    ['Second factor', person.second_factor ? 'on' : 'off'],
    ['Last sign-in', person.last_sign_in ? <Moment key="s" at={person.last_sign_in} /> : 'never'],
    ['Added', <Moment key="c" at={person.created_at} />],
    ['Id', <code key="i">{person.id}</code>],
  ] as const;
}

function useChange(person: Person, onDone: (person: NewPerson) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: PersonChange) => changePerson(person, change),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: peopleQuery.queryKey }),
  });
}

interface SureProps {
  person: Person;
  act: Act;
  onClose: () => void;
  onPassword: (person: NewPerson) => void;
}

function Sure({ person, act, onClose, onPassword }: SureProps) {
  const change = useChange(person, (changed) => {
    onClose();
    if (changed.password) onPassword(changed);
    else toast({ text: `${visible(person.login, 60)}: ${act.done}` });
  });
  return (
    <Confirm
      title={`${act.title}: ${visible(person.login, 60)}`}
      act={act.title}
      keep={act.keep}
      busy={change.isPending}
      fault={change.error ? `Not done. ${faultText(change.error)}` : ''}
      onClose={onClose}
      onAct={() => change.mutate(act.change)}
    >
      <p>{act.says(<Hostile text={person.name} kind="name" cap={120} />)}</p>
    </Confirm>
  );
}

function Edit({ person, onClose }: { person: Person; onClose: () => void }) {
  const [name, setName] = useState(person.name);
  const [grants, setGrants] = useState(person.grants);
  const change = useChange(person, () => {
    onClose();
    toast({ text: `Changed ${visible(person.login, 60)}.` });
  });
  const faults = faultsOf(change.error);
  const known = faults.has('name') || faults.has('grants');
  return (
    <FormDialog
      title={`Change ${visible(person.login, 60)}`}
      act="Save person"
      busy={change.isPending}
      fault={change.error && !known ? `Not saved. ${faultText(change.error)}` : ''}
      onClose={onClose}
      onSubmit={() => change.mutate({ name: name.trim(), grants })}
    >
      <NameField first value={name} fault={faults.get('name')} onText={setName} />
      <GrantRows grants={grants} fault={faults.get('grants')} onChange={(next) => setGrants([...next])} />
      <p className="secondary">Other rights count within a second, also where the person is signed in.</p>
    </FormDialog>
  );
}
