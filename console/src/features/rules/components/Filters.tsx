// What narrows the list of rules, each kept in the address.
import { useState } from 'react';
import type { Rule } from '@/shared/api/wire';
import type { AttackTable } from '@/shared/facts/attack';
import { plain } from '@/shared/text/words';
import { visible } from '@/shared/text/hostile';
import { Button } from '@/shared/ui/basics';
import { onlys, orders, valuesOf, type Filter, type FilterName } from '../filter';
import { levels, sourceText } from '../rules';
import css from './Rules.module.css';

interface Props {
  rules: readonly Rule[];
  filter: Filter;
  table: AttackTable | undefined;
  onEdit: (name: FilterName, value: string) => void;
}

type Option = readonly [value: string, text: string];

export function Filters({ rules, filter, table, onEdit }: Props) {
  const counted = (of: (rule: Rule) => string): Option[] =>
    valuesOf(rules, of).map(([value, n]) => [value, `${visible(value, 60)} (${n})`]);
  const select = (name: FilterName, label: string, options: readonly Option[], all = 'all') => (
    <Select
      label={label}
      value={filter[name]}
      options={options}
      all={all}
      onEdit={(value) => onEdit(name, value)}
    />
  );
  const [open, setOpen] = useState(false); // on a phone, where they would fill the screen
  return (
    <div
      className={`controls ${css['filters']} ${open ? css['open'] : ''}`}
      role="search"
      aria-label="Filter the rules"
    >
      <Words label="Words" id="rule-words" value={filter.q} wide onEdit={(value) => onEdit('q', value)} />
      <Button className={css['more']} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Fewer filters' : 'More filters'}
      </Button>
      {select(
        'level',
        'Level',
        levels.map((level) => [level, plain(level)]),
      )}
      {select('on', 'State', [
        ['yes', 'On'],
        ['no', 'Off'],
      ])}
      {select(
        'status',
        'Status',
        counted((rule) => rule.status ?? 'none'),
      )}
      {select('source', 'Log source', counted(sourceText))}
      {select('tactic', 'Tactic', table?.tactics.map(({ id, name }) => [id, name]) ?? [])}
      <Words
        label="Technique"
        id="rule-technique"
        value={filter.technique}
        hint="T1059"
        onEdit={(value) => onEdit('technique', value)}
      />
      {select('only', 'Only', onlys)}
      {select(
        'sort',
        'Order',
        orders.filter(([order]) => order !== 'level'),
        'Level',
      )}
    </div>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly Option[];
  all: string;
  onEdit: (value: string) => void;
}

function Select({ label, value, options, all, onEdit }: SelectProps) {
  const known = value === '' || options.some(([one]) => one === value);
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onEdit(event.target.value)}>
        <option value="">{all}</option>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
        {!known && <option value={value}>{visible(value, 60)}</option>}
      </select>
    </label>
  );
}

interface WordsProps {
  label: string;
  id: string;
  value: string;
  hint?: string;
  wide?: boolean;
  onEdit: (value: string) => void;
}

// Its own text while it has the focus: the address follows a moment later.
function Words({ label, id, value, hint, wide = false, onEdit }: WordsProps) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <label className={wide ? css['wide'] : undefined}>
      <span>{label}</span>
      <input
        id={id}
        type="text"
        value={draft ?? value}
        placeholder={hint}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setDraft(value)}
        onBlur={() => setDraft(null)}
        onChange={(event) => {
          setDraft(event.target.value);
          onEdit(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </label>
  );
}
