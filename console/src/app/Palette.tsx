// One field: ids first, then acts on what is in focus, then pages. Fed by the registry and by nothing else.
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { keyText, useAllActions, type Action } from '@/shared/keys/registry';
import { Kbd } from '@/shared/ui/basics';
import { Dialog } from '@/shared/ui/Dialog';
import css from './Palette.module.css';

const kMost = 8;
let recent: readonly string[] = [];

export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const all = useAllActions();
  const found = [...ids(text, (to) => void navigate(to)), ...search(all, text)].slice(0, kMost);
  const chosen = found[Math.min(at, found.length - 1)];
  const run = (action: Action | undefined) => {
    if (!action || action.blocked) return;
    recent = [action.id, ...recent.filter((id) => id !== action.id)].slice(0, 5);
    onClose();
    // After the dialog is gone and has given the focus back.
    window.setTimeout(action.run, 0);
  };
  return (
    <Dialog title="Go to or do anything" onClose={onClose} bare>
      <input
        className={css['input']}
        type="text"
        role="combobox"
        aria-label="Go to or do anything"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={chosen ? `palette-${chosen.id}` : undefined}
        placeholder="An id, an act or a page"
        spellCheck={false}
        data-autofocus=""
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            setAt(
              (old) => (Math.min(old, found.length - 1) + step + found.length) % Math.max(1, found.length),
            );
          }
          if (event.key === 'Enter') run(chosen);
        }}
      />
      <div id="palette-list" role="listbox" aria-label="Results" className={css['list']}>
        {found.map((action) => (
          // The field above handles the keys.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={action.id}
            id={`palette-${action.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={action === chosen}
            aria-disabled={Boolean(action.blocked)}
            onClick={() => {
              run(action);
            }}
          >
            <span>
              {action.title}
              {action.blocked && <span className="muted"> {action.blocked}</span>}
            </span>
            <span className="muted">{action.group}</span>
            {action.keys?.[0] && <Kbd>{keyText(action.keys[0])}</Kbd>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={css['none']}>Nothing is called that. Enter an id to go to it.</p>}
    </Dialog>
  );
}

function ids(text: string, go: (to: string) => void): Action[] {
  const id = text.trim();
  if (!/^(IN|AL|DL)-[\w-]+$/i.test(id)) return [];
  return [
    {
      id: 'go-id',
      title: `Open ${id}`,
      group: 'Go to',
      run: () => {
        go(`/go/${encodeURIComponent(id.toUpperCase())}`);
      },
    },
  ];
}

const rank: Record<Action['group'], number> = { Decide: 0, Work: 1, Move: 2, View: 3, 'Go to': 4 };

function search(all: readonly Action[], text: string): Action[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = all.filter((action) => !action.hidden);
  if (words.length === 0) {
    const before = recent.flatMap((id) => shown.filter((action) => action.id === id));
    return [...before, ...byGroup(shown.filter((action) => !before.includes(action)))];
  }
  return byGroup(
    shown.filter((action) =>
      words.every((word) => `${action.title} ${action.group}`.toLowerCase().includes(word)),
    ),
  );
}

function byGroup(actions: readonly Action[]): Action[] {
  return [...actions].sort(
    (a, b) => Number(Boolean(a.blocked)) - Number(Boolean(b.blocked)) || rank[a.group] - rank[b.group],
  );
}
