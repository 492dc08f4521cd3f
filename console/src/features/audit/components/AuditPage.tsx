// Who changed what: the record of every change, and whether its chain is whole.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type RefObject } from 'react';
import { useSearchParams } from 'react-router';
import type { AuditRecord } from '@/shared/api/wire';
import { NotThereYet, PageHead, Rows, ShowMore, Split, useRowKeys } from '@/shared/list/List';
import { RowTable, type Column } from '@/shared/list/RowTable';
import { total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { useUrlState } from '@/shared/ui/useUrlState';
import { actionsQuery, auditQuery, exportPath, filterNames, isFiltered, type Filter } from '../audit';
import css from './AuditPage.module.css';
import { Chain } from './Chain';
import { RecordPanel } from './RecordPanel';

const emptyFilter: Filter = { text: '', actor: '', action: '', object: '', from: '', until: '' };

// The filter as the address has it.
function useFilter(): [Filter, (filter: Filter) => void] {
  const [parameters, setParameters] = useSearchParams();
  const filter = { ...emptyFilter };
  for (const name of filterNames) filter[name] = parameters.get(name) ?? '';
  const write = (next: Filter) => {
    const written = new URLSearchParams(location.search);
    for (const name of filterNames) {
      if (next[name] === '') written.delete(name);
      else written.set(name, next[name]);
    }
    written.delete('record');
    setParameters(written, { replace: true });
  };
  return [filter, write];
}

export default function AuditPage() {
  const [filter, setFilter] = useFilter();
  const [chosen, setChosen] = useUrlState('record');
  const list = useInfiniteQuery(auditQuery(filter));
  const search = useRef<HTMLInputElement>(null);
  usePageTitle('Audit');
  const records = list.data?.pages.flatMap((page) => page.items) ?? [];
  const current = records.find((record) => idOf(record) === chosen);
  useRowKeys({
    one: 'record',
    ids: records.map(idOf),
    chosen,
    choose: setChosen,
    more: [
      {
        id: 'audit-search',
        title: 'Search the audit',
        group: 'View',
        keys: ['f'],
        run: () => search.current?.focus(),
      },
    ],
  });
  return (
    <div>
      <PageHead title="Audit">
        Every change by a person, a key or the program itself, with what was before and after. Nothing here
        can be edited or deleted unseen: each record holds the hash of the one before it.
      </PageHead>
      <Search filter={filter} onFilter={setFilter} input={search} />
      <NotThereYet list={list} what="the audit" lines={8} />
      {list.isSuccess && records.length === 0 && !list.hasNextPage && (
        <Nothing filter={filter} onAll={() => setFilter(emptyFilter)} />
      )}
      <Split
        details={
          current && (
            <RecordPanel
              key={current.number}
              record={current}
              onFilter={(more) => setFilter({ ...emptyFilter, ...more })}
              onClose={() => setChosen(null)}
            />
          )
        }
      >
        <Rows>
          {records.length > 0 && (
            <>
              <Export kept={list.data?.pages[0]?.total} filter={filter} />
              <RowTable
                rows={records}
                columns={columns}
                idOf={idOf}
                chosen={chosen}
                onChoose={setChosen}
                spoken={(record) => `Record ${record.number}`}
              />
            </>
          )}
          <ShowMore list={list}>
            {records.length === 0 ? 'None among the newest: look further' : 'Show more'}
          </ShowMore>
        </Rows>
      </Split>
      <Chain />
    </div>
  );
}

const idOf = (record: AuditRecord) => String(record.number);

const columns: readonly [Column<AuditRecord>, ...Column<AuditRecord>[]] = [
  { title: 'Record', cell: (record) => record.number },
  { title: 'When', cell: (record) => <Moment at={record.at} /> },
  { title: 'Who', cell: (record) => <Hostile text={record.actor} cap={60} /> },
  { title: 'What was done', cell: (record) => record.action },
  {
    title: 'To what',
    look: 'wide',
    cell: (record) =>
      record.object_id === '' ? (
        <span className="muted">several</span>
      ) : (
        <Hostile text={record.object_id} cap={80} />
      ),
  },
];

interface SearchProps {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  input: RefObject<HTMLInputElement | null>;
}

function Search({ filter, onFilter, input }: SearchProps) {
  const [typed, setTyped] = useState(filter);
  const [known, setKnown] = useState(filter);
  // The address changed: what was typed gives way to it, and the focus stays where it is.
  if (filterNames.some((name) => known[name] !== filter[name])) {
    setKnown(filter);
    setTyped(filter);
  }
  const actions = useQuery(actionsQuery).data?.actions ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFilter(typed);
  };
  const field = (name: keyof Filter, label: string, hint: string) => (
    <label>
      <span>{label}</span>
      <input
        ref={name === 'text' ? input : undefined}
        type="text"
        placeholder={hint}
        value={typed[name]}
        onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
      />
    </label>
  );
  return (
    <form className={`controls ${css['search']}`} role="search" aria-label="Audit" onSubmit={submit}>
      {field('text', 'Words', 'anywhere in a record')}
      {field('actor', 'Who', 'a person or a key')}
      <label>
        <span>What was done</span>
        <select value={typed.action} onChange={(event) => onFilter({ ...typed, action: event.target.value })}>
          <option value="">anything</option>
          {actions.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {field('object', 'To what', 'id, such as AL-…')}
      {field('from', 'From (UTC)', '2026-01-31 08:00')}
      {field('until', 'Until (UTC)', '2026-02-01')}
      <div className={css['acts']}>
        <Button type="submit" look="primary">
          Search
        </Button>
        {isFiltered(filter) && <Button onClick={() => onFilter(emptyFilter)}>Clear</Button>}
      </div>
    </form>
  );
}

function Nothing({ filter, onAll }: { filter: Filter; onAll: () => void }) {
  if (!isFiltered(filter)) return <Empty text="Nothing was changed yet." />;
  return (
    <Empty text="No record fits.">
      <Button onClick={onAll}>All records</Button>
    </Empty>
  );
}

function Export({ kept, filter }: { kept: number | string | undefined; filter: Filter }) {
  return (
    <p className={css['bar']}>
      <span className="muted">{total(kept)} records</span>
      <a href={exportPath(filter, 'ndjson')} download>
        Export as JSON lines
      </a>
      <a href={exportPath(filter, 'csv')} download>
        Export as CSV
      </a>
    </p>
  );
}
