// One table, of assets or of users: listed, filtered, and its rows opened in a dialog.
import { useInfiniteQuery, useQuery, keepPreviousData } from '@tanstack/react-query';
import { useCallback } from 'react';
import { Link } from 'react-router';
import { useActions } from '@/shared/keys/registry';
import { count, total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Age } from '@/shared/ui/TimeText';
import { findByName, rowsQuery } from '../api/inventory';
import { tierWords, type Field, type Row, type Table as TableKind } from '../tables';
import { useAddress, type Address } from '../useAddress';
import { CsvDialog } from './CsvDialog';
import { Filter, Short, Table, walkActions } from './parts';
import { RowDialog } from './RowDialog';
import css from './Enrichment.module.css';

export function InventoryTab({ table }: { table: TableKind }) {
  const address = useAddress();
  const { edit } = address;
  const q = address.of('q') ?? '';
  const list = useInfiniteQuery({ ...rowsQuery(table, q), placeholderData: keepPreviousData });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = useCallback(
    (text: string) => {
      edit({ q: text === '' ? null : text });
    },
    [edit],
  );
  useTableKeys(table, address, rows.length === 0);
  return (
    <>
      <div className={css['bar']}>
        <Filter label={`Filter ${table.key}`} q={q} onQuery={filter} />
        <span className="muted" role="status">
          {list.isSuccess && `${total(list.data.pages[0]?.total)} ${q === '' ? 'in the table' : 'match'}`}
        </span>
        <span className={css['spacer']} />
        <Button
          needs="knowledge.write"
          keys="n"
          onClick={() => {
            edit({ add: 'row' });
          }}
        >
          Add {table.one}…
        </Button>
        <Button
          needs="knowledge.write"
          keys="Shift U"
          onClick={() => {
            edit({ add: 'csv' });
          }}
        >
          Upload CSV…
        </Button>
      </div>
      {list.isPending && <Loading lines={8} what="the table" />}
      {list.isError && (
        <ProblemView error={list.error} what="The table" onRetry={() => void list.refetch()} />
      )}
      {list.isSuccess && rows.length === 0 && <NoRows table={table} q={q} edit={edit} />}
      {rows.length > 0 && <Rows table={table} rows={rows} address={address} />}
      {list.hasNextPage && (
        <div className={css['bar']}>
          <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
      <Dialogs table={table} address={address} all={list.data?.pages[0]?.total} />
    </>
  );
}

function useTableKeys(table: TableKind, { edit }: Address, empty: boolean): void {
  useActions([
    {
      id: 'add-row',
      title: `Add ${table.one}…`,
      group: 'Work',
      keys: ['n'],
      needs: 'knowledge.write',
      run: () => {
        edit({ add: 'row' });
      },
    },
    {
      id: 'add-csv',
      title: `Upload ${table.key} as CSV…`,
      group: 'Work',
      keys: ['Shift+u'],
      needs: 'knowledge.write',
      run: () => {
        edit({ add: 'csv' });
      },
    },
    {
      id: 'filter',
      title: `Filter ${table.key}`,
      group: 'View',
      keys: ['/'],
      run: () => document.getElementById('filter')?.focus(),
    },
    ...walkActions(table.one, empty),
  ]);
}

function Dialogs({
  table,
  address,
  all,
}: {
  table: TableKind;
  address: Address;
  all: number | string | undefined;
}) {
  const { of, edit } = address;
  const name = of('name');
  const found = useQuery({
    queryKey: ['inventory', table.key, 'name', name],
    queryFn: async () => (await findByName(table, name ?? '')) ?? null,
    enabled: name !== null,
    gcTime: 0,
  });
  const id = of('row') ?? (name === null ? null : found.data?.id);
  const close = () => {
    edit({ row: null, name: null, add: null, mode: null });
  };
  const open = (row: string) => {
    edit({ row, add: null, name: null });
  };
  if (of('add') === 'csv')
    return <CsvDialog table={table} all={of('q') === null ? all : undefined} onClose={close} />;
  if (of('add') === 'row')
    return <RowDialog key="new" table={table} id={null} onOpen={open} onClose={close} />;
  if (id) return <RowDialog key={id} table={table} id={id} onOpen={open} onClose={close} />;
  if (name !== null && found.isSuccess)
    return (
      <p className={css['note']} role="status">
        <Hostile text={name} cap={120} /> is not in the table of {table.key} any more.
      </p>
    );
  return null;
}

function NoRows({ table, q, edit }: { table: TableKind; q: string; edit: Address['edit'] }) {
  if (q !== '')
    return (
      <Empty text={`No ${table.one} holds this text.`}>
        <Button
          onClick={() => {
            edit({ q: null });
          }}
        >
          Show all {table.key}
        </Button>
      </Empty>
    );
  return (
    <Empty
      text={`No ${table.one} is known yet, so alerts bear no ${table.key === 'assets' ? 'owner and no tier' : 'department and no privilege'}. Add one, or upload a table as CSV with a header line.`}
    >
      <pre className={css['example']}>{table.example}</pre>
    </Empty>
  );
}

function Rows({ table, rows, address }: { table: TableKind; rows: readonly Row[]; address: Address }) {
  const columns = table.fields.filter((field) => field.column);
  return (
    <Table caption={table.title} columns={[...columns.map((field) => field.label), 'Changed']}>
      {rows.map((row) => (
        <tr key={row.id}>
          {columns.map((field, i) =>
            i === 0 ? (
              <th key={field.name} scope="row">
                <Link to={address.link({ row: row.id, name: null })} replace data-row="">
                  <Short text={row.name} mono kind="row" />
                </Link>
              </th>
            ) : (
              <td key={field.name}>
                <Cell field={field} value={(row as unknown as Record<string, unknown>)[field.name]} />
              </td>
            ),
          )}
          <td>
            <Age at={row.updated_at} /> ago{' '}
            <span className="muted">by {row.origin === 'csv' ? 'CSV' : 'hand or API'}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

const kItemsShown = 2;

function Cell({ field, value }: { field: Field; value: unknown }) {
  if (field.shape === 'flag')
    return value === null ? <span className="muted">not said</span> : <>{value === true ? 'Yes' : 'No'}</>;
  if (field.shape === 'tier')
    return value === null ? (
      <span className="muted">not said</span>
    ) : (
      <>{tierWords[value as keyof typeof tierWords]}</>
    );
  const items = Array.isArray(value)
    ? (value as string[])
    : [String(value as string)].filter((text) => text !== '');
  if (items.length === 0) return <span className="muted">none</span>;
  const more = items.length - kItemsShown;
  return (
    <>
      <Short text={items.slice(0, kItemsShown).join(', ')} kind="row" />
      {more > 0 && <span className="muted"> and {count(more, 'more', 'more')}</span>}
    </>
  );
}
