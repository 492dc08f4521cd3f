// Shared notes, and apart from them the draft that only this browser knows.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/shared/api/http';
import { usePrefs } from '@/shared/prefs/prefs';
import { personText } from '@/shared/session';
import { clockText } from '@/shared/text/time';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { notesQuery, useAddNote } from '../api/incident';
import { loadDraft, saveDraft } from '../drafts';
import css from './Tabs.module.css';

export function Notes({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(notesQuery(id));
  return (
    <>
      <Editor id={id} />
      {error && <ProblemView error={error} what="The notes" onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={4} what="the notes" />}
      {data?.items.length === 0 && <p className="secondary">No note is shared yet.</p>}
      <ul>
        {data?.items.map((note) => (
          <li key={note.id} className={css['note']}>
            <p className="secondary">
              <Hostile text={personText(note.author)} />, <Moment at={note.created_at} />
            </p>
            <p className={css['noteText']}>
              <NoteText text={note.text} />
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

// Notes keep their lines; each line is as untrusted as any other text.
function NoteText({ text }: { text: string }) {
  return text.split('\n').map((line, i) => (
    <span key={i}>
      {i > 0 && '\n'}
      {line === '' ? '' : <Hostile text={line} cap={20_000} />}
    </span>
  ));
}

function Editor({ id }: { id: string }) {
  const [draft, setDraft] = useState(() => loadDraft(id));
  const [text, setText] = useState(draft?.text ?? '');
  const { zone } = usePrefs();
  const add = useAddNote(id);
  const edit = (next: string) => {
    setText(next);
    setDraft(saveDraft(id, next, new Date()));
  };
  return (
    <form
      className={css['editor']}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        add.mutate(
          { text: text.trim() },
          {
            onSuccess: () => {
              edit('');
            },
          },
        );
      }}
    >
      <label htmlFor="note-draft" className="secondary">
        New note
      </label>
      <textarea
        id="note-draft"
        rows={4}
        maxLength={20_000}
        value={text}
        onChange={(event) => {
          edit(event.target.value);
        }}
      />
      <div className={css['bar']}>
        <Button look="primary" type="submit" disabled={text.trim() === '' || add.isPending}>
          Share note
        </Button>
        <span className={css['draft']} role="status">
          {text !== '' &&
            (draft
              ? `Draft saved here ${clockText(draft.savedAt, zone)}, not yet shared`
              : 'This browser does not keep drafts; not yet shared')}
          {add.isError && ` Not shared: ${add.error instanceof ApiError ? add.error.message : 'no answer'}.`}
        </span>
      </div>
    </form>
  );
}
