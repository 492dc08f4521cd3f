// The files that rules come from: what is in force, what is not, and where in the file the reason is.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { faultText, post } from '@/shared/api/http';
import type { RuleState } from '@/shared/api/wire';
import { Bar, NotThereYet, Rows } from '@/shared/list/List';
import { Cell, Table } from '@/shared/list/RowTable';
import { count } from '@/shared/text/words';
import { Button, Facts, Panel } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty } from '@/shared/ui/states';
import { Age, Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { useActions } from '@/shared/keys/registry';
import { placeOf } from '../refusals';
import { stateQuery } from '../rules';
import css from './Rules.module.css';

export function Files() {
  const state = useQuery(stateQuery);
  const reload = useReload();
  const run = () => {
    if (!reload.isPending) reload.mutate();
  };
  useActions([
    {
      id: 'reload-rules',
      title: 'Read the rule files again',
      group: 'Work',
      keys: ['r'],
      needs: 'settings.write',
      run,
    },
  ]);
  return (
    <>
      <Bar>
        <Button keys="r" needs="settings.write" disabled={reload.isPending} onClick={run}>
          Read the files again
        </Button>
        <span className="muted">
          Files that change are taken up by themselves, unless detection.watch is off in the settings.
        </span>
      </Bar>
      <NotThereYet list={state} what="the state of the files" />
      {state.data && <Shown state={state.data} />}
    </>
  );
}

function useReload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<RuleState>('/api/v1/rules/reload'),
    onSuccess: (state) => {
      client.setQueryData(stateQuery.queryKey, state);
      toast({
        text: `${count(state.rules, 'rule')} and ${count(state.correlations, 'correlation')} in force, ${state.refused.length} refused.`,
      });
    },
    onError: (error) => {
      toast({ text: `The rules stay as they are: ${faultText(error)}` });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['rules'] }),
  });
}

function Shown({ state }: { state: RuleState }) {
  return (
    <>
      {state.problem && (
        <div className={css['problem']} role="alert">
          <p>
            The last reload changed nothing: <Hostile text={state.problem.reason} cap={2000} />
          </p>
          <p className="secondary">
            <Hostile text={state.problem.hint} cap={2000} />
          </p>
        </div>
      )}
      <Panel title="In force">
        <Facts
          rows={[
            ['Rules', count(state.rules, 'rule')],
            ['Correlations', count(state.correlations, 'correlation')],
            ['Files', count(state.files, 'file')],
            [
              'Since',
              <span key="s">
                <Moment at={state.loaded_at} />, <Age at={state.loaded_at} /> ago
              </span>,
            ],
          ]}
        />
      </Panel>
      {state.kept.length > 0 && <Kept files={state.kept} />}
      <Refused state={state} />
    </>
  );
}

function Kept({ files }: { files: readonly string[] }) {
  return (
    <Panel title="Files that count as they were">
      <p className="secondary">
        What stands on disk now is refused or cannot be read, so that the version before it stays in force.
      </p>
      <ul className={css['plainList']}>
        {files.map((file) => (
          <li key={file}>
            <Hostile text={file} mono cap={400} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Refused({ state }: { state: RuleState }) {
  if (state.refused.length === 0)
    return <Empty text="No rule is refused: every rule in the files is in force." />;
  return (
    <Panel title={`Refused: ${count(state.refused.length, 'rule')}`}>
      <Rows>
        <Table
          columns={[
            { title: 'File', look: 'wide' },
            { title: 'Line', look: 'number' },
            { title: 'Column', look: 'number' },
            { title: 'Reason and what to do', look: 'wide' },
          ]}
        >
          {state.refused.map((one, i) => {
            const { file, line, column } = placeOf(one.where);
            return (
              <tr key={i}>
                <Cell title="File" look="wide">
                  <Hostile text={file} mono cap={400} />
                </Cell>
                <Cell title="Line" look="number">
                  {line ?? 'whole file'}
                </Cell>
                <Cell title="Column" look="number">
                  {column ?? '–'}
                </Cell>
                <Cell title="Reason" look="wide">
                  <Hostile text={one.reason} cap={1000} />{' '}
                  {one.hint && (
                    <span className="secondary">
                      <Hostile text={one.hint} cap={1000} />
                    </span>
                  )}
                </Cell>
              </tr>
            );
          })}
        </Table>
      </Rows>
    </Panel>
  );
}
