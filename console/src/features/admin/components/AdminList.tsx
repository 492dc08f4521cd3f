// A list of administration: filtered by words and state, one row open beside it, and something can be added.
import type { ReactNode } from 'react';
import { Bar, NotThereYet, Rows, Split, StateFilter, useRowKeys } from '@/shared/list/List';
import { RowTable, type Column } from '@/shared/list/RowTable';
import type { Verb } from '@/shared/session';
import { count, plain } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Empty } from '@/shared/ui/states';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { holds } from '../admin';
import { Head, type Address } from './parts';
import css from './Admin.module.css';

const kFilter = 'admin-filter';

interface List<Row> {
  data: readonly Row[] | undefined;
  isError: boolean;
  isPending: boolean;
  error: unknown;
  refetch: () => Promise<unknown>;
}

interface Props<Row> {
  title: string;
  about: ReactNode;
  one: string; // "key"
  many: string;
  list: List<Row>;
  columns: readonly [Column<Row>, ...Column<Row>[]];
  idOf: (row: Row) => string;
  states: readonly string[];
  stateOf: (row: Row) => string;
  wordsOf: (row: Row) => readonly string[]; // where the filter looks
  add: { title: string; needs: Verb };
  none?: string; // what it means that there is no row at all, and what to do
  noneFits: string;
  details: (row: Row) => ReactNode;
  address: Address;
  children: ReactNode; // the dialogs
}

export function AdminList<Row>(props: Props<Row>) {
  const { title, about, one, many, list, columns, idOf, add, details, address, children } = props;
  usePageTitle(title);
  const all = list.data ?? [];
  const shown = all.filter(
    (row) =>
      (address.state === null || props.stateOf(row) === address.state) &&
      holds(address.text, ...props.wordsOf(row)),
  );
  const current = all.find((row) => idOf(row) === address.chosen);
  const open = () => address.setAct('add');
  const addButton = (keys?: string) => (
    <Button {...(keys === undefined ? {} : { keys })} needs={add.needs} onClick={open}>
      {add.title}
    </Button>
  );
  useRowKeys({
    one,
    ids: shown.map(idOf),
    chosen: address.chosen,
    choose: address.choose,
    more: [
      {
        id: 'admin-filter',
        title: `Filter the ${many}`,
        group: 'View',
        keys: ['/'],
        run: () => document.getElementById(kFilter)?.focus(),
      },
      { id: 'add', title: add.title, group: 'Work', keys: ['n'], needs: add.needs, run: open },
    ],
  });
  return (
    <div>
      <Head title={title}>{about}</Head>
      <Bar>
        <input
          id={kFilter}
          className={`control ${css['filter']}`}
          type="search"
          aria-label={`Filter ${many}`}
          placeholder="Filter (/)"
          value={address.text}
          onChange={(event) => address.setText(event.target.value)}
        />
        <StateFilter
          states={props.states.map((state) => [state, plain(state)] as const)}
          state={address.state}
          onState={address.setState}
        />
        <span className={css['spacer']} />
        {addButton('n')}
      </Bar>
      <NotThereYet list={list} what={`the ${many}`} />
      {list.data?.length === 0 && props.none !== undefined && <Empty text={props.none}>{addButton()}</Empty>}
      {all.length > 0 && shown.length === 0 && (
        <NoneFits address={address} many={many} text={props.noneFits} />
      )}
      <Split details={current && details(current)}>
        {shown.length > 0 && (
          <Rows>
            <p className="muted">{count(shown.length, one, many)}</p>
            <RowTable
              rows={shown}
              columns={columns}
              idOf={idOf}
              chosen={address.chosen}
              onChoose={address.choose}
            />
          </Rows>
        )}
      </Split>
      {children}
    </div>
  );
}

function NoneFits({ address, many, text }: { address: Address; many: string; text: string }) {
  return (
    <Empty text={text}>
      <Button
        onClick={() => {
          address.setText('');
          address.setState(null);
        }}
      >
        All {many}
      </Button>
    </Empty>
  );
}
