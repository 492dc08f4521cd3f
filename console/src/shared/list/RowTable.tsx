// Rows of which one can be opened.
import type { ReactNode } from 'react';
import css from './list.module.css';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  look?: 'wide' | 'number'; // wide: takes the room that is left, and breaks
  warns?: (row: Row) => boolean;
}

interface Props<Row> {
  rows: readonly Row[];
  columns: readonly [Column<Row>, ...Column<Row>[]]; // the first names the row, and opens it
  idOf: (row: Row) => string;
  chosen: string | null;
  onChoose: (id: string) => void;
  spoken?: (row: Row) => string; // where the name alone does not say what it opens
}

export function RowTable<Row>({ rows, columns, idOf, chosen, onChoose, spoken }: Props<Row>) {
  const [name, ...rest] = columns;
  return (
    <Table columns={columns}>
      {rows.map((row) => {
        const id = idOf(row);
        const isChosen = id === chosen;
        return (
          <tr key={id} className={isChosen ? css['chosen'] : undefined}>
            <td>
              <NameButton isChosen={isChosen} label={spoken?.(row)} onClick={() => onChoose(id)}>
                {name.cell(row)}
              </NameButton>
            </td>
            {rest.map(({ title, cell, look, warns }) => (
              <Cell key={title} title={title} look={warns?.(row) ? 'warns' : look}>
                {cell(row)}
              </Cell>
            ))}
          </tr>
        );
      })}
    </Table>
  );
}

interface TableProps {
  columns: readonly { title: string; look?: 'wide' | 'number'; unseen?: boolean }[];
  children: ReactNode; // its rows
}

// `unseen`: a title that is only heard, above a column of buttons.
export function Table({ columns, children }: TableProps) {
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          {columns.map(({ title, look, unseen }) => (
            <th key={title} scope="col" className={look && css[look]}>
              {unseen ? <span className="sr-only">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

interface CellProps {
  title?: string; // of its column, said before it where a row is no line
  look?: 'wide' | 'number' | 'warns' | undefined;
  hint?: string;
  children: ReactNode;
}

export function Cell({ title, look, hint, children }: CellProps) {
  return (
    <td data-title={title} className={look && css[look]} title={hint}>
      {children}
    </td>
  );
}

interface NameProps {
  isChosen?: boolean;
  label?: string | undefined;
  onClick: () => void;
  children: ReactNode;
}

// Looks like a link, and acts within the page.
export function NameButton({ isChosen = false, label, onClick, children }: NameProps) {
  return (
    <button
      type="button"
      className={css['name']}
      aria-current={isChosen || undefined}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
