// One JSON file to the server.
import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { NotDone } from './parts';
import css from './Enrichment.module.css';

interface Props<R> {
  title: string;
  button: string;
  accept: string;
  about: string;
  act: UseMutationResult<R, Error, File>;
  onDone: (stored: R) => void;
  onClose: () => void;
}

export function FileDialog<R>({ title, button, accept, about, act, onDone, onClose }: Props<R>) {
  const [file, setFile] = useState<File | null>(null);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={css['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (!file || act.isPending) return;
          act.mutate(file, {
            onSuccess: (stored) => {
              onDone(stored);
              onClose();
            },
          });
        }}
      >
        <label className={css['pick']}>
          <span>File</span>
          <input
            type="file"
            accept={accept}
            data-autofocus=""
            onChange={(event) => {
              setFile(event.target.files?.[0] ?? null);
              act.reset();
            }}
          />
        </label>
        <p className="secondary">{about}</p>
        {act.error && <NotDone error={act.error} what="Not stored." />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={!file || act.isPending}>
            {button}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
