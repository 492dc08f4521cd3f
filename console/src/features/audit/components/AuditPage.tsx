// Who changed what: the record of every change, and whether its chain is whole.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type RefObject } from 'react';
import { useSearchParams } from 'react-router';
import type { AuditRecord } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
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
  const current = records.find((record) => String(record.number) === chosen);
  const choose = (record: AuditRecord | null) => {
    setChosen(record ? String(record.number) : null);
  };
  useMoves(records, current, choose, search);
  return (
    <div>
      <Head />
      <Search filter={filter} onFilter={setFilter} input={search} />
      {list.isError && (
        <ProblemView error={list.error} what="The audit" onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Loading lines={8} what="the audit" />}
      {list.isSuccess && records.length === 0 && !list.hasNextPage && (
        <Nothing filter={filter} onAll={() => setFilter(emptyFilter)} />
      )}
      <div className={css['split']}>
        <div className={css['list']}>
          {records.length > 0 && (
            <Table
              records={records}
              chosen={current}
              onChoose={choose}
              kept={list.data?.pages[0]?.total}
              filter={filter}
            />
          )}
          {list.hasNextPage && (
            <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {records.length === 0 ? 'None among the newest: look further' : 'Show more'}
            </Button>
          )}
        </div>
        {current && (
          <RecordPanel
            key={current.number}
            record={current}
            onFilter={(more) => setFilter({ ...emptyFilter, ...more })}
            onClose={() => setChosen(null)}
          />
        )}
      </div>
      <Chain />
    </div>
  );
}

function Head() {
  return (
    <div className={css['head']}>
      <h1>Audit</h1>
      <p className="secondary">
        Every change by a person, a key or the program itself, with what was before and after. Nothing here
        can be edited or deleted unseen: each record holds the hash of the one before it.
      </p>
    </div>
  );
}

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
    <form className={css['search']} role="search" aria-label="Audit" onSubmit={submit}>
      {field('text', 'Words', 'anywhere in a record')}
      {field('actor', 'Who', 'name of a person or key')}
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
      {field('from', 'From', '2026-01-31 08:00, UTC')}
      {field('until', 'Until', '2026-02-01, UTC')}
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

// j and k go through the records, f goes to the search.
function useMoves(
  records: readonly AuditRecord[],
  current: AuditRecord | undefined,
  choose: (record: AuditRecord | null) => void,
  search: RefObject<HTMLInputElement | null>,
) {
  const step = (by: number) => {
    const at = current ? records.indexOf(current) : -1;
    const next = records[Math.max(0, Math.min(records.length - 1, at + by))];
    if (next) choose(next);
  };
  useActions([
    {
      id: 'audit-search',
      title: 'Search the audit',
      group: 'View',
      keys: ['f'],
      run: () => search.current?.focus(),
    },
    { id: 'next', title: 'Next record', group: 'Move', keys: ['j'], run: () => step(1) },
    { id: 'previous', title: 'Previous record', group: 'Move', keys: ['k'], run: () => step(-1) },
    { id: 'back', title: 'Close the details', group: 'View', keys: ['Escape'], run: () => choose(null) },
  ]);
}

interface TableProps {
  records: readonly AuditRecord[];
  chosen: AuditRecord | undefined;
  onChoose: (record: AuditRecord) => void;
  kept: number | string | undefined;
  filter: Filter;
}

function Table({ records, chosen, onChoose, kept, filter }: TableProps) {
  return (
    <>
      <p className={css['bar']}>
        <span className="muted">{total(kept)} records</span>
        <a href={exportPath(filter, 'ndjson')} download>
          Export as JSON lines
        </a>
        <a href={exportPath(filter, 'csv')} download>
          Export as CSV
        </a>
      </p>
      <table className={css['table']}>
        <thead>
          <tr>
            {['Record', 'When', 'Who', 'What was done', 'To what'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.number} className={record === chosen ? css['chosen'] : undefined}>
              <td>
                <button
                  type="button"
                  className={css['name']}
                  aria-current={record === chosen || undefined}
                  aria-label={`Record ${record.number}`}
                  onClick={() => onChoose(record)}
                >
                  {record.number}
                </button>
              </td>
              <td>
                <Moment at={record.at} />
              </td>
              <td>
                <Hostile text={record.actor} cap={60} />
              </td>
              <td>{record.action}</td>
              <td className={css['wide']}>
                {record.object_id === '' ? (
                  <span className="muted">several</span>
                ) : (
                  <Hostile text={record.object_id} cap={80} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
