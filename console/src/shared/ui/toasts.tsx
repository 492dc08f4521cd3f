// What was done, with a way back for ten seconds.
import { useEffect, useSyncExternalStore } from 'react';
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

let shown: readonly Shown[] = [];
let next = 1;
const watchers = new Set<() => void>();

function set(toasts: readonly Shown[]): void {
  shown = toasts;
  for (const watcher of watchers) watcher();
}

export function toast(message: Toast): void {
  set([...shown, { ...message, number: next++ }].slice(-kAtMost));
}

function drop(number: number): void {
  set(shown.filter((one) => one.number !== number));
}

async function undo(one: Shown): Promise<void> {
  drop(one.number);
  if (one.undo) toast({ text: await one.undo() });
}

export function Toasts() {
  const toasts = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => shown,
  );
  const last = toasts.findLast((one) => one.undo);
  useActions([
    {
      id: 'undo',
      title: 'Undo the last change',
      group: 'Decide',
      keys: ['u'],
      blocked: last ? null : 'Nothing to undo within the last 10 s.',
      run: () => {
        if (last) void undo(last);
      },
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
