// Files on their way to the server, one after another: it takes few at once. They are followed each by itself, and both
// go on when the page is left.
import { useSyncExternalStore } from 'react';
import { ApiError } from '@/shared/api/http';
import { follow, sendFile, type Upload } from './api/uploads';

export interface Sent {
  key: number;
  name: string;
  bytes: number;
  stage: 'waiting' | 'sending' | 'sent';
  report: Upload | null;
  problem: ApiError | null;
}

const kShown = 200; // of those that are done, the newest
const kBusyTries = 60;
const kBusySeconds = 2;

let sent: readonly Sent[] = []; // the newest first
let nextKey = 1;
let line: Promise<void> = Promise.resolve();
const watchers = new Set<() => void>();

export function useSent(): readonly Sent[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => sent,
  );
}

// Resolves when the last of them is sent.
export function sendFiles(files: readonly File[], source: string): Promise<void> {
  for (const file of files) {
    const key = nextKey++;
    set([{ key, name: file.name, bytes: file.size, stage: 'waiting', report: null, problem: null }, ...sent]);
    line = line.then(() => sendOne(key, file, source));
  }
  return line;
}

async function sendOne(key: number, file: File, source: string): Promise<void> {
  change(key, { stage: 'sending' });
  try {
    const first = await sendWhenFree(file, source);
    change(key, { stage: 'sent', report: first });
    void watch(key, first);
  } catch (error) {
    fail(key, error);
  }
}

async function watch(key: number, first: Upload): Promise<void> {
  try {
    await follow(first, (report) => {
      change(key, { report });
    });
  } catch (error) {
    fail(key, error);
  }
}

// Others may be sending, too.
async function sendWhenFree(file: File, source: string): Promise<Upload> {
  for (let tries = 1; ; tries++) {
    try {
      return await sendFile(file, source);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 429 || tries === kBusyTries) throw error;
      const seconds = error.retryAfterSeconds ?? kBusySeconds;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }
}

function fail(key: number, error: unknown): void {
  const problem = error instanceof ApiError ? error : new ApiError(0, { title: String(error) });
  change(key, { stage: 'sent', problem });
}

function change(key: number, part: Partial<Sent>): void {
  set(sent.map((one) => (one.key === key ? { ...one, ...part } : one)));
}

function set(next: readonly Sent[]): void {
  sent = next.filter((one, place) => place < kShown || one.stage !== 'sent');
  for (const watcher of watchers) watcher();
}
