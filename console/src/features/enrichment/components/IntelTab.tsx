// Lists of indicators: how old each is, what it holds, imported and deleted as a whole.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { IntelEntry, IntelList } from '@/shared/api/wire';
import { TlpMark } from '@/shared/facts/Tlp';
import { useActions } from '@/shared/keys/registry';
import { visible } from '@/shared/text/hostile';
import { count, kindWord, total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Age, useNow } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { entriesQuery, intelListsQuery, useRemoveIntel } from '../api/reference';
import { useAddress, type Address } from '../useAddress';
import { ImportDialog } from './ImportDialog';
import { RemoveDialog, Short, Table, walkActions } from './parts';
import css from './Enrichment.module.css';

export function IntelTab() {
  const address = useAddress();
  const { of, edit } = address;
  const { data, error, refetch } = useQuery(intelListsQuery);
  const name = of('name');
  const open = data?.find((list) => list.id === of('row')) ?? data?.find((list) => list.name === name);
  const missing = data && !open && (of('row') !== null || name !== null);
  const dropped = data?.find((list) => list.id === of('drop'));
  const add = () => {
    edit({ add: 'list' });
  };
  useActions([
    {
      id: 'add-list',
      title: 'Import indicators…',
      group: 'Work',
      keys: ['n'],
      needs: 'knowledge.write',
      run: add,
    },
    {
      id: 'back',
      title: 'Close the list',
      group: 'View',
      keys: ['Escape'],
      run: () => {
        edit({ row: null, name: null });
      },
    },
    ...walkActions('list', !data || data.length === 0),
  ]);
  return (
    <>
      <div className={css['bar']}>
        <span className="muted" role="status">
          {data && count(data.length, 'list')}
        </span>
        <span className={css['spacer']} />
        <Button keys="n" needs="knowledge.write" onClick={add}>
          Import indicators…
        </Button>
      </div>
      {error && !data && <ProblemView error={error} what="The lists" onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={6} what="the lists" />}
      {data?.length === 0 && (
        <Empty text="No list of indicators is here yet, so no alert can match one. Import a STIX bundle or a MISP event from your provider.">
          <Button needs="knowledge.write" onClick={add}>
            Import indicators…
          </Button>
        </Empty>
      )}
      {data && data.length > 0 && <Lists lists={data} open={open} address={address} />}
      {missing && (
        <p className={css['note']} role="status">
          {name === null ? 'This list' : <Hostile text={name} cap={120} />} is not here any more.
        </p>
      )}
      {open && <Entries key={open.id} list={open} />}
      {of('add') === 'list' && (
        <ImportDialog
          lists={data ?? []}
          onClose={() => {
            edit({ add: null });
          }}
        />
      )}
      {dropped && <Removal list={dropped} edit={edit} />}
    </>
  );
}

interface ListsProps {
  lists: readonly IntelList[];
  open: IntelList | undefined;
  address: Address;
}

function Lists({ lists, open, address }: ListsProps) {
  return (
    <Table
      caption="Lists of indicators"
      columns={['List', 'Indicators', 'Age', 'Source', 'Format', 'TLP', 'Imported', '']}
    >
      {lists.map((list) => (
        <tr key={list.id} className={list === open ? css['chosen'] : undefined}>
          <th scope="row">
            <Link
              to={address.link({ row: list.id, name: null })}
              replace
              data-row=""
              aria-current={list === open || undefined}
            >
              <Short text={list.name} kind="name" />
            </Link>
          </th>
          <td className={css['number']}>{total(list.entries)}</td>
          <td>
            <Age at={list.produced_at} />
          </td>
          <td>
            <Short text={list.source} />
          </td>
          <td>{list.format.toUpperCase()}</td>
          <td>
            <TlpMark tlp={list.tlp} />
          </td>
          <td>
            <Age at={list.imported_at} /> ago by <Hostile text={list.imported_by} cap={40} />
          </td>
          <td>
            <Button
              needs="knowledge.write"
              look="ghost"
              aria-label={`Delete ${visible(list.name, 80)}…`}
              onClick={() => {
                address.edit({ drop: list.id });
              }}
            >
              Delete…
            </Button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Entries({ list }: { list: IntelList }) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(entriesQuery(list.id));
  const entries = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={css['entries']} aria-label="Indicators">
      <h2>
        <Hostile text={list.name} kind="name" cap={200} />
      </h2>
      {isPending && <Loading lines={6} what="the indicators" />}
      {error && <ProblemView error={error} what="The list" onRetry={() => void refetch()} />}
      {data && entries.length === 0 && (
        <Empty text="The file held no indicator that it vouches for. Import a newer one under the same name." />
      )}
      {entries.length > 0 && (
        <Table
          caption="Indicators"
          columns={['Kind', 'Value', 'What it is', 'Source', 'Confidence', 'TLP', 'Seen', 'Valid until']}
        >
          {entries.map((entry, i) => (
            <EntryRow key={i} entry={entry} source={list.source} />
          ))}
        </Table>
      )}
      {hasNextPage && (
        <div className={css['bar']}>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
          <span className="muted">
            {total(entries.length)} of {total(list.entries)}
          </span>
        </div>
      )}
    </section>
  );
}

function EntryRow({ entry, source }: { entry: IntelEntry; source: string }) {
  const now = useNow();
  const over = entry.valid_until !== null && Date.parse(entry.valid_until) < now;
  return (
    <tr>
      <td>{kindWord(entry.kind)}</td>
      <th scope="row">
        <Short text={entry.value} mono kind={entry.kind} />
      </th>
      <td>
        <Short text={entry.label} />
      </td>
      <td>
        <Short text={source} />
      </td>
      <td className={css['number']}>{entry.confidence ?? <span className="muted">not said</span>}</td>
      <td>
        <TlpMark tlp={entry.tlp} />
      </td>
      <td>
        <Age at={entry.seen_at} /> ago
      </td>
      <td>
        {entry.valid_until === null ? (
          <span className="muted">no end</span>
        ) : (
          <time dateTime={entry.valid_until}>{entry.valid_until.slice(0, 10)}</time>
        )}
        {over && ', over: does not match'}
      </td>
    </tr>
  );
}

function Removal({ list, edit }: { list: IntelList; edit: Address['edit'] }) {
  const remove = useRemoveIntel();
  const close = () => {
    edit({ drop: null });
  };
  return (
    <RemoveDialog
      title="Delete the list"
      button={`Delete ${count(list.entries, 'indicator')}`}
      busy={remove.isPending}
      error={remove.error}
      onRemove={() => {
        remove.mutate(list.id, {
          onSuccess: () => {
            toast({ text: `Deleted the list ${visible(list.name, 80)}.` });
            edit({ drop: null, row: null, name: null });
          },
        });
      }}
      onClose={close}
    >
      <p>
        <Hostile text={list.name} kind="name" cap={80} /> with {count(list.entries, 'indicator')} is deleted.
        Alerts that matched keep their facts. This cannot be undone; to have it again, import the file again.
      </p>
    </RemoveDialog>
  );
}
