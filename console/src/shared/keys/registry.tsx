// One registry feeds keys, palette, menus and the `?` sheet: the same act everywhere.
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { may, type Verb } from '@/shared/session';

export interface Action {
  id: string;
  title: string; // verb and object; an ellipsis when a dialog follows
  group: 'Go to' | 'Move' | 'Decide' | 'View' | 'Work';
  keys?: readonly string[]; // "j", "Shift+r", "g q", "Ctrl+k"
  blocked?: string | null; // why it cannot be done now
  hidden?: boolean; // keys work, the palette does not list it
  needs?: Verb; // who has it not is not offered the act
  run: () => void;
}

const sets = new Map<object, () => readonly Action[]>();
let snapshot: readonly Action[] = [];
const watchers = new Set<() => void>();
let scheduled = false;

function refresh(): void {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    snapshot = all();
    for (const watcher of watchers) watcher();
  });
}

// Later sets stand before earlier ones: what a page adds wins over what the frame offers.
function all(): readonly Action[] {
  const byId = new Map<string, Action>();
  for (const actions of [...sets.values()].reverse())
    for (const action of actions())
      if (!byId.has(action.id) && (!action.needs || may(action.needs))) byId.set(action.id, action);
  return [...byId.values()];
}

export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions);
  const digest = actions.map((action) => `${action.id}|${action.title}|${action.blocked ?? ''}`).join('\n');
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const owner = {};
    sets.set(owner, () => latest.current);
    refresh();
    return () => {
      sets.delete(owner);
      refresh();
    };
  }, [digest]);
}

export function useAllActions(): readonly Action[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => snapshot,
  );
}

export function keyText(keys: string): string {
  return keys
    .replace('Ctrl+', navigator.platform.startsWith('Mac') ? '⌘ ' : 'Ctrl ')
    .replace('Shift+', 'Shift ');
}

const kSequenceMs = 1200;

function chord(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const named = key === ' ' ? 'Space' : key;
  const shift =
    event.shiftKey && (event.key.length > 1 || event.key.toLowerCase() !== event.key.toUpperCase());
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${shift ? 'Shift+' : ''}${named}`;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

// A focused control keeps its own keys.
function isOwnKey(event: KeyboardEvent): boolean {
  const own = event.key === 'Enter' || event.key === ' ';
  return (
    own &&
    event.target instanceof HTMLElement &&
    event.target.closest('a,button,summary,[role=tab],[role=option]') !== null
  );
}

// Call once. Keys sleep while a field has the focus or a dialog is open, except those with Ctrl.
export function listenForKeys(): () => void {
  let first = '';
  let at = 0;
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const pressed = chord(event);
    const asleep =
      isTyping(event.target) || document.querySelector('dialog[open]') !== null || isOwnKey(event);
    if (asleep && !/^Ctrl\+k$/i.test(pressed)) return;
    const now = Date.now();
    const sequence = now - at < kSequenceMs ? `${first} ${pressed}` : pressed;
    const actions = all();
    const action =
      actions.find((one) => one.keys?.includes(sequence)) ??
      actions.find((one) => one.keys?.includes(pressed));
    first = pressed;
    at = now;
    if (!action || action.blocked) return;
    event.preventDefault();
    at = 0;
    action.run();
  };
  window.addEventListener('keydown', onKey);
  return () => {
    window.removeEventListener('keydown', onKey);
  };
}
