// A whole table from a file: what was stored, and every row that was not, with its line and reason.
import { useState } from 'react';
import { count, total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Hostile } from '@/shared/ui/Hostile';
import { useTableUpload, type TableMode, type TableOutcome } from '../api/inventory';
import type { Table as TableKind } from '../tables';
import { useAddress } from '../useAddress';
import { NotDone, Table } from './parts';
import css from './Enrichment.module.css';

interface Props {
  table: TableKind;
  all: number | string | undefined; // rows in the table now, when that is known
  onClose: () => void;
}

export function CsvDialog({ table, all, onClose }: Props) {
  const { of, edit } = useAddress();
  const mode: TableMode = of('mode') === 'replace' ? 'replace' : 'merge';
  const [file, setFile] = useState<File | null>(null);
  const upload = useTableUpload(table);
  return (
    <Dialog title={`Upload ${table.key} as CSV`} onClose={onClose} wide>
      {upload.data ? (
        <Outcome table={table} outcome={upload.data} onClose={onClose} />
      ) : (
        <form
          className={css['form']}
          onSubmit={(event) => {
            event.preventDefault();
            if (file && !upload.isPending) upload.mutate({ file, mode });
          }}
        >
          <label className={css['pick']}>
            <span>File</span>
            <input
              type="file"
              accept=".csv,text/csv,text/plain"
              data-autofocus=""
              onChange={(event) => {
                setFile(event.target.files?.[0] ?? null);
                upload.reset();
              }}
            />
          </label>
          <p className="muted">
            A header line, then a row a line: {table.fields.map((field) => field.name).join(', ')}. Other
            names of these columns are understood; columns that mean nothing here are listed.
          </p>
          <ModeChoice
            mode={mode}
            table={table}
            all={all}
            onMode={(next) => {
              edit({ mode: next === 'merge' ? null : next });
            }}
          />
          {upload.error && <NotDone error={upload.error} what="Nothing was changed." />}
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              look={mode === 'replace' ? 'danger' : 'primary'}
              type="submit"
              disabled={!file || upload.isPending}
            >
              {upload.isPending ? 'Uploading' : mode === 'replace' ? 'Replace table' : 'Upload rows'}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}

interface ModeProps {
  mode: TableMode;
  table: TableKind;
  all: number | string | undefined;
  onMode: (mode: TableMode) => void;
}

function ModeChoice({ mode, table, all, onMode }: ModeProps) {
  const choices: readonly [TableMode, string, string][] = [
    ['merge', 'Add and update', 'Rows with a known name take its place; the others stay.'],
    [
      'replace',
      'Replace the table',
      `${all === undefined ? `All ${table.key}` : `Of ${all === 1 ? `the one ${table.one}` : `the ${total(all)} ${table.key}`} now, those`} that are not in the file are deleted. This cannot be undone. One row that cannot be read refuses the whole file.`,
    ],
  ];
  return (
    <fieldset className={css['modes']}>
      <legend>What it does</legend>
      {choices.map(([key, title, help]) => (
        <label key={key}>
          <input
            type="radio"
            name="mode"
            checked={mode === key}
            onChange={() => {
              onMode(key);
            }}
          />
          <span>
            {title}. <span className="secondary">{help}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const kShown = 200;

function Outcome({
  table,
  outcome,
  onClose,
}: {
  table: TableKind;
  outcome: TableOutcome;
  onClose: () => void;
}) {
  const { accepted, created, updated, removed, rejected, faults, left_out_columns: ignored } = outcome;
  return (
    <>
      <p role="status">
        <b>{count(accepted, 'row')}</b> stored: {total(created)} new, {total(updated)} updated
        {removed > 0 && `, ${total(removed)} deleted`}.{' '}
        {rejected === 0 ? 'Every row could be read.' : `${count(rejected, 'row')} could not be read.`}
      </p>
      {ignored.length > 0 && (
        <p className="secondary">
          Columns that mean nothing here: <Hostile text={ignored.join(', ')} cap={500} />
        </p>
      )}
      {faults.length > 0 && (
        <Table caption="Rows that could not be read" columns={['Line', 'Column', 'Field', 'Reason']}>
          {faults.slice(0, kShown).map((fault, i) => (
            <tr key={i}>
              <td>{fault.line}</td>
              <td>{fault.column ?? <span className="muted">all</span>}</td>
              <td>
                <Hostile text={fault.field} mono cap={60} />
              </td>
              <td className={css['wide']}>
                <Hostile text={fault.reason} cap={300} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {rejected > kShown && (
        <p className="muted">The first {kShown} are shown. Mend them and upload again.</p>
      )}
      <DialogActions>
        <Button look="primary" data-autofocus="" onClick={onClose}>
          Show {table.key}
        </Button>
      </DialogActions>
    </>
  );
}
