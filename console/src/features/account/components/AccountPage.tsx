// One's own account: who, where one is signed in, password and second factor.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { sessionQuery, signOut } from '@/shared/api/session';
import { me } from '@/shared/session';
import { Button, Facts, Panel } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty } from '@/shared/ui/states';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { PasswordForm } from './PasswordForm';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';
import css from './Account.module.css';

export default function AccountPage() {
  const session = useQuery(sessionQuery).data;
  usePageTitle('My account');
  if (!me.signedIn || !session)
    return (
      <Empty text="Nobody signs in here: whoever reaches this address is administrator. Add the first admin to change that.">
        <Link to="/admin/people?do=add">Add a person</Link>
      </Empty>
    );
  return (
    <div className={css['page']}>
      <div className={css['head']}>
        <h1>My account</h1>
        <Button onClick={() => void signOut()}>Sign out</Button>
      </div>
      <Panel title="Who">
        <Facts
          rows={[
            ['Sign-in name', <Hostile key="l" text={session.login} kind="name" cap={200} />],
            ['Name', <Hostile key="n" text={session.name} kind="name" cap={200} />],
            [
              'Role',
              <span key="r">
                {session.role} <Link to="/admin/roles">what it may do</Link>
              </span>,
            ],
            ['Tenant', <Hostile key="t" text={session.tenant} kind="name" cap={60} />],
          ]}
        />
      </Panel>
      <Sessions />
      <SecondFactor isOn={session.second_factor} />
      <PasswordForm />
    </div>
  );
}
