// The live feed: one WebSocket that comes back by itself and resumes where it stopped.

import { useSyncExternalStore } from 'react';
import { leaveIfSignedOut } from '@/shared/api/session';
import { me } from '@/shared/session';

export interface LiveMessage {
  type: string;
  data: unknown;
  seq?: number;
}

export interface LiveState {
  phase: 'connecting' | 'live' | 'reconnecting' | 'silent';
  since: number; // when this phase began, ms
  lastHeard: number; // ms, 0: never
}

type Listener = (message: LiveMessage) => void;

const kPingEveryMs = 15_000;
const kSilentAfterMs = 40_000;
const kOfflineAfterMs = 10_000;

class Feed {
  private socket: WebSocket | null = null;
  private lastSeq = 0;
  private tries = 0;
  private timer = 0;
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();
  state: LiveState = { phase: 'connecting', since: Date.now(), lastHeard: 0 };

  start(): void {
    if (this.socket || typeof WebSocket === 'undefined') return;
    this.open();
    window.setInterval(() => {
      this.beat();
    }, kPingEveryMs);
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  offlineSince(now: number): number | null {
    return this.state.phase === 'reconnecting' && now - this.state.since >= kOfflineAfterMs
      ? this.state.since
      : null;
  }

  private open(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const since = this.lastSeq > 0 ? `?since=${this.lastSeq}` : '';
    const socket = new WebSocket(`${scheme}://${location.host}/ws${since}`);
    this.socket = socket;
    socket.onopen = () => {
      this.tries = 0;
      this.enter('live');
    };
    socket.onmessage = (event) => {
      this.read(String(event.data));
    };
    socket.onclose = () => {
      this.again();
    };
  }

  private again(): void {
    this.socket = null;
    if (me.signedIn) void leaveIfSignedOut();
    if (this.state.phase !== 'reconnecting') this.enter('reconnecting');
    this.tries += 1;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(
      () => {
        this.open();
      },
      Math.min(15_000, 500 * 2 ** this.tries),
    );
  }

  private read(text: string): void {
    let message: LiveMessage;
    try {
      message = JSON.parse(text) as LiveMessage;
    } catch {
      return; // not ours
    }
    this.state.lastHeard = Date.now();
    if (this.state.phase !== 'live') this.enter('live');
    if (typeof message.seq === 'number') this.lastSeq = Math.max(this.lastSeq, message.seq);
    for (const listener of this.listeners) listener(message);
  }

  private beat(): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send('{"type":"ping"}');
    if (this.state.lastHeard > 0 && Date.now() - this.state.lastHeard > kSilentAfterMs) this.enter('silent');
  }

  private enter(phase: LiveState['phase']): void {
    this.state = {
      phase,
      since: Date.now(),
      lastHeard: phase === 'live' ? Date.now() : this.state.lastHeard,
    };
    for (const watcher of this.watchers) watcher();
  }
}

export const feed = new Feed();

export function useLiveState(): LiveState {
  return useSyncExternalStore(feed.watch, () => feed.state);
}
