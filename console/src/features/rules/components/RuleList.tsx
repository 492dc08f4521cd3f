// All rules, filtered and ordered by what the address says.
import { useDeferredValue, useMemo, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { Rule } from '@/shared/api/wire';
import { useAttackTable } from '@/shared/facts/attack';
import { NotThereYet, useRowKeys } from '@/shared/list/List';
import { count } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Empty } from '@/shared/ui/states';
import { useRested } from '@/shared/ui/useRested';
import { useUrlState } from '@/shared/ui/useUrlState';
import { applyFilter, filterNames, isFiltered, readFilter, type Filter, type FilterName } from '../filter';
import { rulePage } from '../rules';
import { useAllRules } from '../useAllRules';
import { Filters } from './Filters';
import { RuleGrid } from './RuleGrid';
import css from './Rules.module.css';

export function RuleList() {
  const { rules, list, reading } = useAllRules();
  const { data } = list;
  if (!data) return <NotThereYet list={list} what="the rules" lines={12} />;
  if (rules.length === 0)
    return (
      <Empty text="No rule is loaded. Start the server with --rules DIRECTORY, or see Files for what was refused." />
    );
  return <Listed rules={rules} reading={reading} all={data.pages[0]?.loaded ?? rules.length} />;
}

function Listed({ rules, reading, all }: { rules: readonly Rule[]; reading: boolean; all: number }) {
  const [parameters, setParameters] = useSearchParams();
  const [selected, select] = useUrlState('sel');
  const [chosen, setChosen] = useState(selected);
  useRested(chosen, select);
  const table = useAttackTable();
  const navigate = useNavigate();
  const filter = readFilter(parameters);
  const shown = useShown(rules, filter);
  const edit = (name: FilterName, value: string) => {
    const next = new URLSearchParams(location.search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setParameters(next, { replace: true });
  };
  const clear = () => {
    const next = new URLSearchParams(location.search);
    for (const name of filterNames) if (name !== 'sort') next.delete(name);
    setParameters(next, { replace: true });
  };
  const current = shown.find(({ id }) => id === chosen);
  const open = (id: string) => void navigate(rulePage(id));
  useRowKeys({
    one: 'rule',
    ids: shown.map(({ id }) => id),
    chosen,
    choose: setChosen,
    more: [
      {
        id: 'open-rule',
        title: 'Open the rule',
        group: 'Move',
        keys: ['Enter', 'o'],
        blocked: current ? null : 'Choose a rule with j or k first.',
        run: () => current && open(current.id),
      },
      {
        id: 'filter-rules',
        title: 'Search rules',
        group: 'View',
        keys: ['/'],
        run: () => document.getElementById('rule-words')?.focus(),
      },
    ],
  });
  return (
    <div className={css['listed']}>
      <Filters rules={rules} filter={filter} table={table} onEdit={edit} />
      <p className={css['counted']} role="status">
        {shown.length === rules.length
          ? count(rules.length, 'rule')
          : `${count(shown.length, 'rule')} of ${rules.length}`}
        {reading && `, still reading (${all} in all)`}
        {isFiltered(filter) && (
          <Button look="ghost" onClick={clear}>
            Clear filters
          </Button>
        )}
      </p>
      {shown.length === 0 ? (
        <Empty text={`No rule matches. ${count(rules.length, 'rule')} hidden by the filters.`}>
          <Button onClick={clear}>Clear filters</Button>
        </Empty>
      ) : (
        <RuleGrid rules={shown} focusId={current?.id ?? null} onFocus={setChosen} onOpen={open} />
      )}
    </div>
  );
}

// Typing stays ahead of filtering thousands.
function useShown(rules: readonly Rule[], filter: Filter): Rule[] {
  const table = useAttackTable();
  const key = useDeferredValue(JSON.stringify(filter));
  return useMemo(() => applyFilter(rules, JSON.parse(key) as Filter, table), [rules, key, table]);
}
