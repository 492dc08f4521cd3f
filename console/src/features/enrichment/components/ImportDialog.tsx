// A STIX bundle or a MISP event, as a list; one of the same name is replaced, and that is said before.
import { useState } from 'react';
import type { IntelList } from '@/shared/api/wire';
import { tlpMarks } from '@/shared/facts/Tlp';
import { visible } from '@/shared/text/hostile';
import { count, total } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { Field } from '@/shared/ui/Field';
import { toast } from '@/shared/ui/toasts';
import { useImportIntel, type Imported } from '../api/reference';
import { sniff } from '../intelFile';
import { NotDone } from './parts';
import css from './Enrichment.module.css';

const empty = { name: '', format: 'stix', source: '', tlp: 'AMBER' };

export function ImportDialog({ lists, onClose }: { lists: readonly IntelList[]; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [about, setAbout] = useState(empty);
  const [unsure, setUnsure] = useState(false);
  const load = useImportIntel();
  const old = lists.find((list) => list.name === about.name.trim());
  const set = (part: Partial<typeof empty>) => {
    setAbout((was) => ({ ...was, ...part }));
  };
  const choose = async (chosen: File | undefined) => {
    setFile(chosen ?? null);
    load.reset();
    if (!chosen) return;
    const { format, name } = await sniff(chosen);
    setUnsure(format === null);
    setAbout((was) => ({ ...was, format: format ?? was.format, name: was.name === '' ? name : was.name }));
  };
  const blocked = !file || about.name.trim() === '' || load.isPending;
  return (
    <Dialog title="Import indicators" onClose={onClose} wide>
      <form
        className={css['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (blocked) return;
          const named = { ...about, name: about.name.trim(), source: about.source.trim() };
          load.mutate(
            { file, ...named },
            {
              onSuccess: (stored) => {
                toast({ text: spoken(stored) });
                onClose();
              },
            },
          );
        }}
      >
        <label className={css['pick']}>
          <span>File</span>
          <input
            type="file"
            accept=".json,.stix,.stix2,.misp,application/json"
            data-autofocus=""
            onChange={(event) => void choose(event.target.files?.[0])}
          />
        </label>
        {unsure && (
          <p className="muted" role="status">
            Its beginning looks neither like STIX nor like MISP. Choose the format.
          </p>
        )}
        <div className={css['fields']}>
          <Field label="Name of the list" name="name">
            <input
              type="text"
              maxLength={100}
              aria-describedby="name-about"
              value={about.name}
              onChange={(event) => {
                set({ name: event.target.value });
              }}
            />
          </Field>
          <Field label="Format" name="format">
            <select
              aria-describedby="format-about"
              value={about.format}
              onChange={(event) => {
                set({ format: event.target.value });
              }}
            >
              <option value="stix">STIX bundle</option>
              <option value="misp">MISP event</option>
            </select>
          </Field>
          <Field label="Source" name="source" help="Who made it. Empty: as the name.">
            <input
              type="text"
              maxLength={200}
              aria-describedby="source-about"
              value={about.source}
              onChange={(event) => {
                set({ source: event.target.value });
              }}
            />
          </Field>
          <Field label="TLP" name="tlp" help="For what bears no mark itself.">
            <select
              aria-describedby="tlp-about"
              value={about.tlp}
              onChange={(event) => {
                set({ tlp: event.target.value });
              }}
            >
              {tlpMarks.map((mark) => (
                <option key={mark}>{mark}</option>
              ))}
            </select>
          </Field>
        </div>
        {old && (
          <p role="status">
            It takes the place of the list of this name with {count(old.entries, 'indicator')}.
          </p>
        )}
        {load.error && <NotDone error={load.error} what="Not imported." />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={blocked}>
            {old ? 'Replace list' : 'Import list'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function spoken({ name, entries, left_out: left, unreadable }: Imported): string {
  const parts = [
    `Imported ${count(entries, 'indicator')} as ${visible(name, 80)}`,
    left > 0 && `${total(left)} left out as revoked, benign or without an indicator`,
    unreadable > 0 && `${total(unreadable)} could not be read`,
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}
