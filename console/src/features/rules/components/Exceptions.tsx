// What rules must not report: whose word that is, why, until when, and what it hid.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { faultText } from '@/shared/api/http';
import type { RuleException } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { Bar, NotThereYet, Rows } from '@/shared/list/List';
import { Cell, Table } from '@/shared/list/RowTable';
import { personText } from '@/shared/session';
import { count, total } from '@/shared/text/words';
import { visible } from '@/shared/text/hostile';
import { Button, Panel } from '@/shared/ui/basics';
import { Confirm } from '@/shared/ui/Form';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { rulePage } from '../rules';
import { addException, exceptionsQuery, inputOf, removeException, whenText } from '../trials';
import { ExceptionDialog } from './ExceptionDialog';

interface Props {
  rule?: { id: string; title: string }; // without: of all rules
}

export function Exceptions({ rule }: Props) {
  const list = useQuery(exceptionsQuery);
  const [adding, setAdding] = useState(false);
  const [dropping, setDropping] = useState<RuleException | null>(null);
  const remove = useRemove();
  const shown = list.data?.filter((one) => !rule || one.rule_id === null || one.rule_id === rule.id) ?? [];
  const add = () => setAdding(true);
  useActions([
    {
      id: 'add-exception',
      title: 'Add an exception…',
      group: 'Work',
      keys: ['x'],
      needs: 'knowledge.write',
      run: add,
    },
  ]);
  const button = (
    <Button keys="x" needs="knowledge.write" onClick={add}>
      Add an exception…
    </Button>
  );
  const body = (
    <>
      <NotThereYet list={list} what="the exceptions" />
      {list.data && shown.length === 0 && (
        <Empty
          text={
            rule
              ? 'No exception: the rule reports whatever it finds. Add one to keep what is known and harmless from being reported.'
              : 'No rule has an exception. Add one to keep what is known and harmless from being reported.'
          }
        >
          {rule && button}
        </Empty>
      )}
      {shown.length > 0 && <List shown={shown} rule={rule} onDrop={setDropping} />}
      {adding && <ExceptionDialog rule={rule ?? null} onClose={() => setAdding(false)} />}
      {dropping && (
        <Confirm
          title="Delete the exception"
          act="Delete the exception"
          keep="Keep it"
          onClose={() => setDropping(null)}
          onAct={() => {
            setDropping(null);
            remove.mutate(dropping);
          }}
        >
          <p>
            From the next event on it is reported again when{' '}
            <Hostile text={whenText(dropping.when)} cap={400} />. It hid{' '}
            {count(dropping.hidden ?? 0, 'event')} since the rules were loaded.
          </p>
        </Confirm>
      )}
    </>
  );
  if (rule)
    return (
      <Panel title="Exceptions" aside={shown.length > 0 && button}>
        {body}
      </Panel>
    );
  return (
    <>
      <Bar>{button}</Bar>
      {body}
    </>
  );
}

function useRemove() {
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: ['rules'] });
  return useMutation({
    mutationFn: async (one: RuleException) => {
      await removeException(one.id);
      toast({
        text: 'The exception is deleted.',
        undo: async () => {
          await addException(inputOf(one));
          await renew();
          return 'The exception holds again, under a new id.';
        },
      });
    },
    onError: (error) => toast({ text: `The exception stays: ${faultText(error)}` }),
    onSettled: renew,
  });
}

interface ListProps {
  shown: readonly RuleException[];
  rule: Props['rule'];
  onDrop: (one: RuleException) => void;
}

function List({ shown, rule, onDrop }: ListProps) {
  return (
    <Rows>
      <Table
        columns={[
          { title: 'Not reported when', look: 'wide' },
          ...(rule ? [] : [{ title: 'Rule' }]),
          { title: 'Owner' },
          { title: 'Reason', look: 'wide' },
          { title: 'Until' },
          { title: 'Hid', look: 'number' },
          { title: 'Delete', unseen: true },
        ]}
      >
        {shown.map((one) => (
          <tr key={one.id}>
            <Cell look="wide">
              <Hostile text={whenText(one.when)} cap={400} />
            </Cell>
            {!rule && (
              <Cell title="Rule" look="wide">
                {one.rule_id === null ? (
                  'every rule'
                ) : (
                  <Link to={rulePage(one.rule_id)}>
                    <Hostile text={one.rule_id} cap={60} />
                  </Link>
                )}
              </Cell>
            )}
            <Cell title="Owner">{visible(personText(one.owner), 60)}</Cell>
            <Cell title="Reason" look="wide">
              <Hostile text={one.reason} cap={400} />
            </Cell>
            <Cell title="Until" look={one.expired ? 'warns' : undefined}>
              {one.expires_at === null ? 'no end' : <Moment at={one.expires_at} />}
              {one.expired && ', expired'}
            </Cell>
            <Cell title="Hid" look="number">
              {total(one.hidden ?? 0)}
            </Cell>
            <Cell>
              <Button look="ghost" needs="knowledge.write" onClick={() => onDrop(one)}>
                Delete…
              </Button>
            </Cell>
          </tr>
        ))}
      </Table>
    </Rows>
  );
}
