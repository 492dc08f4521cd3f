// What was done, with a way back for ten seconds.
import { useEffect, useSyncExternalStore } from 'react';
import { reasonOf } from '@/shared/api/http';
import { useActions } from '@/shared/keys/registry';
import { Button, IconButton } from './basics';
import css from './toasts.module.css';

interface Toast {
  text: string;
  undo?: () => Promise<string>; // answers what became of it
}

interface Shown extends Toast {
  number: number;
}

const kShownMs = 10_000;
const kAtMost = 3;

interface State {
  toasts: readonly Shown[];
  underway: number; // changes that the server has not answered yet
}

let state: State = { toasts: [], underway: 0 };
let next = 1;
let undoAfter: number | null = null; // undo waits for a change made after this toast
const watchers = new Set<() => void>();

function set(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const watcher of watchers) watcher();
}

export function toast(message: Toast): void {
  set({ toasts: [...state.toasts, { ...message, number: next++ }].slice(-kAtMost) });
}

function drop(number: number): void {
  set({ toasts: state.toasts.filter((one) => one.number !== number) });
}

// A change that can be undone once it is made. Undo pressed meanwhile means this change and not the one before it,
// so it waits for the answer.
export async function underway<T>(change: () => Promise<T>): Promise<T> {
  set({ underway: state.underway + 1 });
  try {
    return await change();
  } finally {
    set({ underway: state.underway - 1 });
    if (undoAfter !== null && state.underway === 0) undoNewerThan(undoAfter);
  }
}

export function shownTexts(): readonly string[] {
  return state.toasts.map((one) => one.text);
}

export function canUndo(): boolean {
  return state.underway > 0 || newest() !== undefined;
}

export function undoLast(): void {
  if (state.underway > 0) undoAfter ??= next - 1;
  else undoNewerThan(0);
}

// A change that failed made no toast to undo, and then the one before it is not what was meant.
function undoNewerThan(number: number): void {
  undoAfter = null;
  const last = newest();
  if (last && last.number > number) void undo(last);
}

function newest(): Shown | undefined {
  return state.toasts.findLast((one) => one.undo);
}

async function undo(one: Shown): Promise<void> {
  drop(one.number);
  if (!one.undo) return;
  try {
    toast({ text: await one.undo() });
  } catch (error) {
    toast({ text: `Not undone: ${reasonOf(error)}` });
  }
}

export function Toasts() {
  const { toasts } = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
  useActions([
    {
      id: 'undo',
      title: 'Undo the last change',
      group: 'Decide',
      keys: ['u'],
      blocked: canUndo() ? null : 'Nothing to undo within the last 10 s.',
      run: undoLast,
    },
  ]);
  return (
    <div className={css['stack']} role="status" aria-live="polite">
      {toasts.map((one) => (
        <ToastLine key={one.number} one={one} />
      ))}
    </div>
  );
}

function ToastLine({ one }: { one: Shown }) {
  useEffect(() => {
    const timer = window.setTimeout(() => {
      drop(one.number);
    }, kShownMs);
    return () => {
      window.clearTimeout(timer);
    };
  }, [one.number]);
  return (
    <div className={css['toast']}>
      <span>{one.text}</span>
      {one.undo && (
        <Button look="ghost" keys="u" onClick={() => void undo(one)}>
          Undo
        </Button>
      )}
      <IconButton
        icon="close"
        label="Close this message"
        onClick={() => {
          drop(one.number);
        }}
      />
    </div>
  );
}
