// What a person prefers on this machine: theme, density, zone. Kept in localStorage, applied to <html>.

import { useSyncExternalStore } from 'react';

export interface Prefs {
  theme: 'system' | 'dark' | 'light';
  density: 'compact' | 'comfortable';
  zone: 'utc' | 'mine';
}

const kKey = 'tocsin.prefs';
const initial: Prefs = { theme: 'system', density: 'compact', zone: 'utc' };

let current: Prefs = load();
const watchers = new Set<() => void>();

function load(): Prefs {
  try {
    return { ...initial, ...(JSON.parse(localStorage.getItem(kKey) ?? '{}') as Partial<Prefs>) };
  } catch {
    return initial; // storage is off or holds something else
  }
}

export function applyPrefs(): void {
  const root = document.documentElement;
  if (current.theme === 'system') root.removeAttribute('data-theme');
  else root.setAttribute('data-theme', current.theme);
  root.setAttribute('data-density', current.density);
}

export function setPrefs(change: Partial<Prefs>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(kKey, JSON.stringify(current));
  } catch {
    // Full or forbidden: the choice holds for this page.
  }
  applyPrefs();
  for (const watcher of watchers) watcher();
}

export function usePrefs(): Prefs {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => current,
  );
}

export function currentPrefs(): Prefs {
  return current;
}
