// Values that are no indicators: shipped, uploaded, and from the operator's folder.
import { useQuery } from '@tanstack/react-query';
import type { WarningList } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { visible } from '@/shared/text/hostile';
import { count, total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Age } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { useAddWarningList, useRemoveWarningList, warningListsQuery } from '../api/reference';
import { useAddress, type Address } from '../useAddress';
import { FileDialog } from './FileDialog';
import { RemoveDialog, Short, Table } from './parts';
import css from './Enrichment.module.css';

export function WarningListsTab() {
  const { of, edit } = useAddress();
  const { data, error, refetch } = useQuery(warningListsQuery);
  const name = of('name');
  const dropped = data?.find((list) => list.id !== null && list.id === of('drop'));
  const add = () => {
    edit({ add: 'list' });
  };
  useActions([
    {
      id: 'add-list',
      title: 'Upload a warning list…',
      group: 'Work',
      keys: ['n'],
      needs: 'knowledge.write',
      run: add,
    },
  ]);
  return (
    <>
      <div className={css['bar']}>
        <p className="secondary">
          What stands on such a list is no indicator: it stays on the alert as an entity, with a fact that
          says why.
        </p>
        <span className={css['spacer']} />
        <Button keys="n" needs="knowledge.write" onClick={add}>
          Upload warning list…
        </Button>
      </div>
      {error && !data && <ProblemView error={error} what="The lists" onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} what="the lists" />}
      {data?.length === 0 && <Empty text="No warning list is in use. Upload one in the format of MISP." />}
      {data && data.length > 0 && <Lists lists={data} name={name} edit={edit} />}
      {data && name !== null && !data.some((list) => list.name === name) && (
        <p className={css['note']} role="status">
          <Hostile text={name} cap={120} /> is not in use any more.
        </p>
      )}
      {of('add') === 'list' && (
        <Upload
          onClose={() => {
            edit({ add: null });
          }}
        />
      )}
      {dropped && <Removal list={dropped} edit={edit} />}
    </>
  );
}

const matched: Record<WarningList['type'], string> = {
  string: 'Whole value',
  substring: 'Part of it',
  hostname: 'Name and below',
  cidr: 'Address block',
  regex: 'Expression',
};

interface ListsProps {
  lists: readonly WarningList[];
  name: string | null; // the one that a fact led to
  edit: Address['edit'];
}

function Lists({ lists, name, edit }: ListsProps) {
  return (
    <Table
      caption="Warning lists"
      columns={['List', 'Values', 'What it says', 'Matched by', 'Version', 'As of', 'From', '']}
    >
      {lists.map((list) => (
        <tr
          key={`${list.origin} ${list.name}`}
          className={list.name === name ? css['chosen'] : undefined}
          aria-current={list.name === name || undefined}
        >
          <th scope="row">
            <Short text={list.name} kind="name" />
          </th>
          <td className={css['number']}>
            {total(list.entries)}
            {list.left_out > 0 && `, ${total(list.left_out)} left out`}
          </td>
          <td className={css['wide']}>
            <Hostile text={list.description} cap={200} />{' '}
            <span className="muted">
              {list.category === 'known' ? 'Only says what a value is.' : 'No indicator.'}
            </span>
          </td>
          <td>{matched[list.type]}</td>
          <td>
            <Hostile text={list.version} kind="version" cap={30} />
          </td>
          <td>
            {list.as_of ? (
              <>
                <Age at={list.as_of} /> ago
              </>
            ) : (
              <span className="muted">not said</span>
            )}
          </td>
          <td>
            <Short text={list.origin} />
          </td>
          <td>
            {list.id !== null && (
              <Button
                needs="knowledge.write"
                look="ghost"
                aria-label={`Delete ${visible(list.name, 80)}…`}
                onClick={() => {
                  edit({ drop: list.id });
                }}
              >
                Delete…
              </Button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Upload({ onClose }: { onClose: () => void }) {
  const add = useAddWarningList();
  return (
    <FileDialog
      title="Upload a warning list"
      button="Upload list"
      accept=".json,application/json"
      about="A list.json as in the project misp-warninglists. It takes the place of the uploaded list of its name."
      act={add}
      onDone={(stored) => {
        toast({ text: `Stored ${visible(stored.name, 80)}: ${count(stored.entries, 'value')}.` });
      }}
      onClose={onClose}
    />
  );
}

function Removal({ list, edit }: { list: WarningList; edit: Address['edit'] }) {
  const remove = useRemoveWarningList();
  const close = () => {
    edit({ drop: null });
  };
  return (
    <RemoveDialog
      title="Delete the warning list"
      button={`Delete ${count(list.entries, 'value')}`}
      busy={remove.isPending}
      error={remove.error}
      onRemove={() => {
        remove.mutate(list.id ?? '', {
          onSuccess: () => {
            toast({ text: `Deleted the warning list ${visible(list.name, 80)}.` });
            close();
          },
        });
      }}
      onClose={close}
    >
      <p>
        <Hostile text={list.name} kind="name" cap={80} /> with {count(list.entries, 'value')} is deleted: its
        values may be indicators again. This cannot be undone; to have it again, upload the file again.
      </p>
    </RemoveDialog>
  );
}
