// Shared notes, and apart from them the draft that only this browser knows.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/shared/api/http';
import type { Note } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { usePrefs } from '@/shared/prefs/prefs';
import { may, personText } from '@/shared/session';
import { clockText } from '@/shared/text/time';
import { count } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { Moment } from '@/shared/ui/TimeText';
import { useUrlState } from '@/shared/ui/useUrlState';
import { notesQuery, revisionsQuery, useAddNote, useEditNote } from '../api/incident';
import { loadDraft, saveDraft } from '../drafts';
import css from './Tabs.module.css';

export function Notes({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(notesQuery(id));
  return (
    <>
      {may('alerts.triage') && <Editor id={id} />}
      {error && <ProblemView error={error} what="The notes" onRetry={() => void refetch()} />}
      {!data && !error && <Loading lines={4} what="the notes" />}
      {data?.items.length === 0 && (
        <Empty
          text={
            may('alerts.triage')
              ? 'No note is shared yet. Write above what the next shift must know; nobody else sees it before you share it.'
              : 'No note is shared yet.'
          }
        />
      )}
      <ul>
        {data?.items.map((note) => (
          <NoteLine key={note.id} id={id} note={note} />
        ))}
      </ul>
    </>
  );
}

function NoteLine({ id, note }: { id: string; note: Note }) {
  const [editing, setEditing] = useState(false);
  const [shown, setShown] = useUrlState('revisions');
  const open = shown === note.id;
  return (
    <li className={css['note']}>
      <p className="secondary">
        <Hostile text={personText(note.author)} />, <Moment at={note.created_at} />
        {note.edited_at && (
          <>
            {' '}
            · edited by <Hostile text={personText(note.edited_by ?? '')} cap={60} />,{' '}
            <Moment at={note.edited_at} />
          </>
        )}
      </p>
      {editing ? (
        <EditForm
          id={id}
          note={note}
          onDone={() => {
            setEditing(false);
          }}
        />
      ) : (
        <p className={css['noteText']}>
          <NoteText text={note.text} />
        </p>
      )}
      {!editing && (
        <div className={css['noteActs']}>
          <Button
            needs="alerts.triage"
            look="ghost"
            onClick={() => {
              setEditing(true);
            }}
          >
            Edit note
          </Button>
          {note.revision > 1 && (
            <Button
              look="ghost"
              aria-expanded={open}
              onClick={() => {
                setShown(open ? null : note.id);
              }}
            >
              {open ? 'Hide earlier texts' : count(note.revision - 1, 'earlier text')}
            </Button>
          )}
        </div>
      )}
      {open && <Revisions id={id} note={note} />}
    </li>
  );
}

// The text that was on screen when editing began is the one that is replaced: a note changed meanwhile is refused.
function EditForm({ id, note, onDone }: { id: string; note: Note; onDone: () => void }) {
  const [text, setText] = useState(note.text);
  const [revision, setRevision] = useState(note.revision);
  const edit = useEditNote(id, note);
  const stale = edit.error instanceof ApiError && edit.error.status === 412;
  return (
    <form
      className={css['editor']}
      onSubmit={(event) => {
        event.preventDefault();
        edit.mutate({ text: text.trim(), revision }, { onSuccess: onDone });
      }}
    >
      <textarea
        rows={4}
        maxLength={20_000}
        aria-label="Text of the note"
        // The person has just asked for this field.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={text}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
        }}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      {stale && (
        <div role="alert" className={css['stale']}>
          <p>
            Somebody changed this note in the meantime{note.revision > revision ? '. It now says:' : '.'}{' '}
            Yours is kept in the field.
          </p>
          {note.revision > revision && (
            <p className={css['noteText']}>
              <NoteText text={note.text} />
            </p>
          )}
          <Button
            disabled={note.revision === revision}
            onClick={() => {
              setRevision(note.revision);
              edit.mutate({ text: text.trim(), revision: note.revision }, { onSuccess: onDone });
            }}
          >
            Replace it with mine
          </Button>
        </div>
      )}
      {edit.isError && !stale && <ProblemView error={edit.error} what="The changed note" />}
      <div className={css['bar']}>
        <Button
          look="primary"
          type="submit"
          disabled={text.trim() === '' || text.trim() === note.text || edit.isPending}
        >
          Save note
        </Button>
        <Button onClick={onDone}>Cancel</Button>
        <span className="muted">The text before is kept.</span>
      </div>
    </form>
  );
}

function Revisions({ id, note }: { id: string; note: Note }) {
  const { data, error, refetch } = useQuery(revisionsQuery(id, note.id));
  if (error) return <ProblemView error={error} what="The earlier texts" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={3} what="the earlier texts" />;
  return (
    <ol className={css['revisions']} aria-label="Earlier texts, the newest first">
      {data.items
        .filter((one) => one.revision !== note.revision)
        .map((one) => (
          <li key={one.revision}>
            <p className="muted">
              {one.revision === 1 ? 'First text' : `Text ${one.revision}`}, by{' '}
              <Hostile text={personText(one.author)} cap={60} />, <Moment at={one.written_at} />
            </p>
            <p className={css['noteText']}>
              <NoteText text={one.text} />
            </p>
          </li>
        ))}
    </ol>
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
  useActions([
    {
      id: 'note',
      title: 'Write a note',
      group: 'Work',
      keys: ['c'],
      run: () => document.getElementById('note-draft')?.focus(),
    },
  ]);
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
