// Ages tick by the minute; the absolute time is one hover or focus away.
import { useSyncExternalStore } from 'react';
import { usePrefs } from '@/shared/prefs/prefs';
import { clockText, dateText, fullText } from '@/shared/text/time';
import { age } from '@/shared/text/words';

const kTickMs = 20_000;
let now = Date.now();
const watchers = new Set<() => void>();
let timer = 0;

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  if (timer === 0)
    timer = window.setInterval(() => {
      now = Date.now();
      for (const one of watchers) one();
    }, kTickMs);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    window.clearInterval(timer);
    timer = 0;
  };
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

export function Age({ at }: { at: string }) {
  const { zone } = usePrefs();
  const ms = Math.max(0, useNow() - Date.parse(at));
  return (
    <time dateTime={at} title={fullText(at, zone)}>
      {age(ms)}
    </time>
  );
}

export function Moment({ at, ms = false }: { at: string; ms?: boolean }) {
  const { zone } = usePrefs();
  return (
    <time dateTime={at} title={fullText(at, zone)}>
      <span className="muted">{dateText(at, zone)}</span> {clockText(at, zone, ms)}
    </time>
  );
}
