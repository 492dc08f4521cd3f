// Where one is signed in.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { faultText } from '@/shared/api/http';
import { signOut } from '@/shared/api/session';
import type { SessionRow } from '@/shared/api/wire';
import { Cell, Table } from '@/shared/list/RowTable';
import { visible } from '@/shared/text/hostile';
import { Button, Panel } from '@/shared/ui/basics';
import { Confirm } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Loading, ProblemView } from '@/shared/ui/states';
import { Age, Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { useUrlState } from '@/shared/ui/useUrlState';
import { deviceOf, endSession, sessionsQuery } from '../account';
import css from './Account.module.css';

export function Sessions() {
  const client = useQueryClient();
  const [act, setAct] = useUrlState('do');
  const list = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (session: SessionRow) => endSession(session.id),
    onSuccess: () => toast({ text: 'The session is ended.' }),
    onError: (error) => toast({ text: `Not ended. ${faultText(error)}` }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  return (
    <Panel title="Where you are signed in">
      {list.isError && (
        <ProblemView error={list.error} what="The sessions" onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Loading lines={2} what="the sessions" />}
      {list.data && <Rows sessions={newestFirst(list.data)} busy={end.isPending} onEnd={end.mutate} />}
      <p className="secondary">
        A session ends by itself after 60 minutes without use, and 12 hours after the sign-in.
      </p>
      <div className={css['row']}>
        <Button onClick={() => setAct('sign-out')}>Sign out everywhere…</Button>
      </div>
      {act === 'sign-out' && <Everywhere onClose={() => setAct(null)} />}
    </Panel>
  );
}

const newestFirst = (sessions: readonly SessionRow[]) =>
  [...sessions].sort(
    (a, b) => Number(b.current) - Number(a.current) || b.last_seen.localeCompare(a.last_seen),
  );

const columns = [
  { title: 'Device' },
  { title: 'From' },
  { title: 'Signed in' },
  { title: 'Last used' },
  { title: 'End it', unseen: true },
];

interface RowsProps {
  sessions: readonly SessionRow[];
  busy: boolean;
  onEnd: (session: SessionRow) => void;
}

function Rows({ sessions, busy, onEnd }: RowsProps) {
  return (
    <div className={css['scroll']}>
      <Table columns={columns}>
        {sessions.map((session) => (
          <tr key={session.id}>
            <Cell look="wide" hint={visible(session.user_agent, 300)}>
              <Hostile text={deviceOf(session.user_agent)} kind="name" cap={120} />
            </Cell>
            <Cell title="From">
              <code>{visible(session.address, 60)}</code>
            </Cell>
            <Cell title="Signed in">
              <Moment at={session.created_at} />
            </Cell>
            <Cell title="Last used">
              <Age at={session.last_seen} /> ago
            </Cell>
            <td>
              {session.current ? (
                'this one'
              ) : (
                <Button
                  disabled={busy}
                  aria-label={`End session of ${visible(session.created_at, 40)}`}
                  onClick={() => onEnd(session)}
                >
                  End session
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

function Everywhere({ onClose }: { onClose: () => void }) {
  const leave = useMutation({ mutationFn: () => signOut(true) });
  return (
    <Confirm
      title="Sign out everywhere"
      act="Sign out everywhere"
      keep="Stay signed in"
      busy={leave.isPending}
      fault={leave.error ? `Not done. ${faultText(leave.error)}` : ''}
      onClose={onClose}
      onAct={() => leave.mutate()}
    >
      <p>Every session of yours ends within a second, this one too. Do it when a device was lost.</p>
    </Confirm>
  );
}
