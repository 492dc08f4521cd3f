// A view is only a text: choosing one edits the query, saving one names it.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/shared/api/http';
import type { View } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { visible } from '@/shared/text/hostile';
import { Button } from '@/shared/ui/basics';
import { Dialog, DialogActions } from '@/shared/ui/Dialog';
import { toast } from '@/shared/ui/toasts';
import { useAddView, useRemoveView, useReplaceView, viewsQuery } from '../api/views';
import type { QueueUrl } from '../useQueueUrl';
import { defaultSort, views } from '../views';
import css from './QueuePage.module.css';

export function ViewMenu({ url }: { url: QueueUrl }) {
  const [saving, setSaving] = useState(false);
  const { data: all = [], isError } = useQuery(viewsQuery);
  const saved = all.filter((view) => view.subject === url.kind);
  const ready = views[url.kind].find((view) => view.q === url.q);
  const current = saved.find((view) => view.q === url.q && (view.sort ?? url.sort) === url.sort);
  const remove = useRemove();
  const choose = (key: string) => {
    const view = saved.find((one) => one.id === key);
    if (view) url.edit({ q: view.q, sort: view.sort ?? null, sel: null });
    else url.edit({ q: views[url.kind].find((one) => one.title === key)?.q ?? '', sel: null });
  };
  useActions([
    {
      id: 'save-view',
      title: 'Save this query as a view…',
      group: 'View',
      keys: ['Shift+v'],
      needs: 'views.share',
      run: () => {
        setSaving(true);
      },
    },
    ...saved.map((view) => ({
      id: `saved-${view.id}`,
      title: `View: ${visible(view.name, 60)}`,
      group: 'View' as const,
      run: () => {
        choose(view.id);
      },
    })),
  ]);
  return (
    <>
      <label className={css['view']}>
        <span>View</span>
        <select
          value={current?.id ?? ready?.title ?? ''}
          onChange={(event) => {
            choose(event.target.value);
          }}
        >
          {!ready && !current && <option value="">Own query</option>}
          {views[url.kind].map((view) => (
            <option key={view.title} value={view.title}>
              {view.title}
            </option>
          ))}
          {(saved.length > 0 || isError) && (
            <optgroup label={isError ? 'Saved views could not be read' : 'Saved'}>
              {saved.map((view) => (
                <option key={view.id} value={view.id}>
                  {visible(view.name, 60)}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </label>
      {current ? (
        <Button
          needs="views.share"
          look="ghost"
          onClick={() => {
            void remove(current);
          }}
        >
          Remove view
        </Button>
      ) : (
        !ready && (
          <Button
            needs="views.share"
            look="ghost"
            onClick={() => {
              setSaving(true);
            }}
          >
            Save view…
          </Button>
        )
      )}
      {saving && (
        <SaveDialog
          url={url}
          saved={saved}
          onClose={() => {
            setSaving(false);
          }}
        />
      )}
    </>
  );
}

function useRemove(): (view: View) => Promise<void> {
  const { mutateAsync: remove } = useRemoveView();
  const { mutateAsync: add } = useAddView();
  return async (view) => {
    const name = visible(view.name, 60);
    try {
      await remove(view.id);
    } catch (error) {
      toast({ text: `The view ${name} was not removed: ${reason(error)}.` });
      return;
    }
    toast({
      text: `Removed the view ${name}.`,
      undo: async () => {
        const { subject, q, sort } = view;
        await add({ name: view.name, subject, q, ...(sort ? { sort } : {}) });
        return `The view ${name} is back.`;
      },
    });
  };
}

interface SaveProps {
  url: QueueUrl;
  saved: readonly View[];
  onClose: () => void;
}

function SaveDialog({ url, saved, onClose }: SaveProps) {
  const [name, setName] = useState('');
  const add = useAddView();
  const replace = useReplaceView();
  const same = saved.find((view) => view.name === name.trim());
  const error = add.error ?? replace.error;
  const done = {
    onSuccess: () => {
      toast({ text: `Saved the view ${visible(name.trim(), 60)}.` });
      onClose();
    },
  };
  const save = () => {
    const sort = url.sort === defaultSort[url.kind] ? {} : { sort: url.sort };
    const body = { name: name.trim(), subject: url.kind, q: url.q, ...sort };
    if (same) replace.mutate({ ...body, id: same.id }, done);
    else add.mutate(body, done);
  };
  return (
    <Dialog title="Save this query as a view" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') save();
        }}
      >
        <label className={css['saveField']}>
          <span>Name</span>
          <input
            type="text"
            data-autofocus=""
            maxLength={100}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </label>
        <p className="secondary">
          Everybody on this server sees it. Query:{' '}
          <code>{url.q === '' ? 'everything' : visible(url.q, 300)}</code>
        </p>
        {error && (
          <p className={css['failed']} role="alert">
            Not saved: {reason(error)}.
          </p>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            disabled={name.trim() === '' || add.isPending || replace.isPending}
          >
            {same ? 'Replace view' : 'Save view'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function reason(error: unknown): string {
  return error instanceof ApiError
    ? [error.problem.detail ?? error.problem.title, error.problem.hint].filter(Boolean).join('; ')
    : String(error);
}
