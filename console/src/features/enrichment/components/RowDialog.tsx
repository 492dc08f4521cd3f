// One row: made, changed or deleted. A change is refused when somebody else was faster, and both ways out are offered.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, faultsOf, type Tagged } from '@/shared/api/http';
import { plain } from '@/shared/text/words';
import { visible } from '@/shared/text/hostile';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Field } from '@/shared/ui/Field';
import { Loading, ProblemView } from '@/shared/ui/states';
import { Age, Moment } from '@/shared/ui/TimeText';
import { toast } from '@/shared/ui/toasts';
import { addRow, changed, findByName, removeRow, replaceRow, rowQuery } from '../api/inventory';
import {
  faultOf,
  tierWords,
  toDraft,
  toInput,
  type Draft,
  type Field as FieldKind,
  type Row,
  type Table,
} from '../tables';
import { NotDone } from './parts';
import css from './Enrichment.module.css';

interface Props {
  table: Table;
  id: string | null; // null: a new one
  onOpen: (id: string) => void;
  onClose: () => void;
}

export function RowDialog(props: Props) {
  const { table, id, onClose } = props;
  return (
    <Dialog title={id === null ? `Add ${table.one}` : plain(table.one)} onClose={onClose} wide>
      {id === null ? <Form {...props} stored={null} /> : <Stored {...props} id={id} />}
    </Dialog>
  );
}

function Stored(props: Props & { id: string }) {
  const { table, id, onClose } = props;
  const { data, error, refetch } = useQuery(rowQuery(table, id));
  const [taken, setTaken] = useState<Tagged<Row> | null>(null); // the version that is edited
  if (data && taken === null) setTaken(data);
  if (error instanceof ApiError && error.status === 404)
    return (
      <>
        <p role="status">This {table.one} is not in the table any more.</p>
        <DialogActions>
          <Button data-autofocus="" onClick={onClose}>
            Back to the table
          </Button>
        </DialogActions>
      </>
    );
  if (error && !taken)
    return <ProblemView error={error} what={`The ${table.one}`} onRetry={() => void refetch()} />;
  if (!taken) return <Loading lines={6} what={`the ${table.one}`} />;
  const reread = async () => {
    const { data: now } = await refetch();
    if (now) setTaken(now);
    return now?.etag ?? null;
  };
  return <Form key={taken.etag} {...props} stored={taken} reread={reread} />;
}

type Act = 'save' | 'remove';

function useRowChange({ table, id, onClose }: Props, stored: Tagged<Row> | null, draft: Draft) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ act, etag }: { act: Act; etag: string | null }) => {
      const input = toInput(table, draft);
      if (id === null) return { act, row: await addNew(table, draft) };
      if (act === 'save') return { act, row: await replaceRow(table, id, input, etag) };
      await removeRow(table, id, etag);
      return { act, row: stored?.body ?? null };
    },
    onSuccess: ({ act, row }) => {
      const name = visible(row?.name ?? '', 80);
      if (act === 'save' || !row) toast({ text: id === null ? `Added ${name}.` : `Saved ${name}.` });
      else
        toast({
          text: `Deleted ${name} from ${table.key}.`,
          undo: async () => {
            await addRow(table, toInput(table, toDraft(table, row)));
            await changed(client, table);
            return `${name} is back in ${table.key}.`;
          },
        });
      onClose();
    },
    onSettled: () => changed(client, table),
  });
}

class TakenError extends Error {
  constructor(readonly row: Row) {
    super('The name is taken.');
  }
}

async function addNew(table: Table, draft: Draft): Promise<Row> {
  try {
    return await addRow(table, toInput(table, draft));
  } catch (error) {
    const taken = error instanceof ApiError && error.status === 409;
    const there = taken ? await findByName(table, draft['name'] ?? '') : undefined;
    throw there ? new TakenError(there) : error;
  }
}

function Form(props: Props & { stored: Tagged<Row> | null; reread?: () => Promise<string | null> }) {
  const { table, stored, reread, onOpen, onClose } = props;
  const [draft, setDraft] = useState<Draft>(() => toDraft(table, stored?.body ?? null));
  const change = useRowChange(props, stored, draft);
  const etag = stored?.etag ?? null;
  const faults = faultsOf(change.error);
  const stale = change.error instanceof ApiError && change.error.status === 412;
  const save = () => {
    change.mutate({ act: 'save', etag });
  };
  return (
    // Ctrl Enter in a field of several lines, where Enter is the field's own.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      className={css['form']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!change.isPending) save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
      }}
    >
      {stored && (
        <p className="secondary">
          Changed <Age at={stored.body.updated_at} /> ago by {visible(stored.body.updated_by, 60)},{' '}
          <Moment at={stored.body.updated_at} />.
        </p>
      )}
      <div className={css['fields']}>
        {table.fields.map((field, i) => (
          <FieldInput
            key={field.name}
            field={field}
            first={i === 0}
            value={draft[field.name] ?? ''}
            fault={faultOf(faults, field.name)}
            onChange={(value) => {
              setDraft({ ...draft, [field.name]: value });
            }}
          />
        ))}
      </div>
      {stale && (
        <Clash
          was={change.variables?.act ?? 'save'}
          one={table.one}
          onTheirs={() => void reread?.()}
          onMine={() => {
            // "*": whatever it is now.
            change.mutate({ act: change.variables?.act ?? 'save', etag: '*' });
          }}
        />
      )}
      {change.error instanceof TakenError && (
        <TakenName row={change.error.row} one={table.one} onOpen={onOpen} />
      )}
      {change.error && !stale && !(change.error instanceof TakenError) && faults.size === 0 && (
        <NotDone error={change.error} what="Not saved." />
      )}
      <DialogActions>
        {stored && (
          <Button
            needs="knowledge.write"
            look="ghost"
            disabled={change.isPending}
            onClick={() => {
              change.mutate({ act: 'remove', etag });
            }}
          >
            Delete {table.one}
          </Button>
        )}
        <span className={css['spacer']} />
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" needs="knowledge.write" disabled={change.isPending}>
          {stored ? `Save ${table.one}` : `Add ${table.one}`}
        </Button>
      </DialogActions>
    </form>
  );
}

interface ClashProps {
  was: Act;
  one: string;
  onTheirs: () => void;
  onMine: () => void;
}

function Clash({ was, one, onTheirs, onMine }: ClashProps) {
  return (
    <div className={css['clash']} role="alert">
      <p>
        Somebody changed this {one} after you opened it. Nothing of yours was{' '}
        {was === 'save' ? 'saved' : 'deleted'}.
      </p>
      <div className={css['row']}>
        <Button onClick={onTheirs}>Show it as it is now</Button>
        <Button onClick={onMine}>
          {was === 'save' ? 'Save mine all the same' : 'Delete it all the same'}
        </Button>
      </div>
    </div>
  );
}

function TakenName({ row, one, onOpen }: { row: Row; one: string; onOpen: (id: string) => void }) {
  return (
    <div className={css['clash']} role="alert">
      <p>
        There is {one === 'asset' ? 'an asset' : 'a user'} named {visible(row.name, 80)} already.
      </p>
      <Button
        onClick={() => {
          onOpen(row.id);
        }}
      >
        Open it
      </Button>
    </div>
  );
}

interface InputProps {
  field: FieldKind;
  first: boolean;
  value: string;
  fault: string | undefined;
  onChange: (value: string) => void;
}

function FieldInput({ field, first, value, fault, onChange }: InputProps) {
  const common = {
    value,
    'aria-invalid': fault !== undefined,
    'aria-describedby': `${field.name}-about`,
    'data-autofocus': first ? '' : undefined,
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => {
      onChange(event.target.value);
    },
  };
  return (
    <Field label={field.label} name={field.name} help={field.help} fault={fault}>
      {field.shape === 'text' && <input type="text" maxLength={300} {...common} />}
      {field.shape === 'list' && <textarea rows={2} {...common} />}
      {field.shape === 'tier' && (
        <select {...common}>
          <option value="">Not said</option>
          {Object.entries(tierWords).map(([tier, word]) => (
            <option key={tier} value={tier}>
              {word}
            </option>
          ))}
        </select>
      )}
      {field.shape === 'flag' && (
        <select {...common}>
          <option value="">Not said</option>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </select>
      )}
    </Field>
  );
}
