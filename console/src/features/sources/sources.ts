// What a source's figures say, in words. Unknown is a value: never zero, never green.
import type { Source } from '@/shared/api/wire';
import { count, duration, total } from '@/shared/text/words';

export interface Spoken {
  mark: '●' | '▲' | '?';
  look: 'heard' | 'late' | 'unknown';
  word: string;
  why: string;
}

export function spokenState(source: Source, now: number): Spoken {
  const every = source.expected_interval_seconds;
  if (source.state === 'receiving')
    return {
      mark: '●',
      look: 'heard',
      word: 'Heard',
      why: every > 0 ? `expected every ${duration(every * 1000)}` : 'within the last minute',
    };
  if (source.state === 'silent')
    return {
      mark: '▲',
      look: 'late',
      word: `Silent ${duration(Math.max(0, now - Date.parse(source.silent_since ?? '')))}`,
      why: `expected every ${duration(every * 1000)}`,
    };
  return { mark: '?', look: 'unknown', word: 'Unknown', why: whyUnknown(source) };
}

function whyUnknown(source: Source): string {
  if (source.last_record_at === null)
    return source.alerts_stored + source.events_stored > 0
      ? 'not heard since this server started'
      : 'never heard';
  return 'nothing says how often it should send';
}

// Faults of every kind, the gravest first: what is gone before what is kept.
export function faults(source: Source): string[] {
  const parts: [number, string][] = [
    [source.dropped, `${total(source.dropped)} lost unread`],
    [source.cut, `${total(source.cut)} cut at the limit`],
    [source.unreadable, `${total(source.unreadable)} unreadable`],
    [source.errors, count(source.errors, 'error')],
  ];
  return parts.filter(([n]) => n > 0).map(([, text]) => text);
}

export function needsLook(source: Source): boolean {
  return source.state === 'silent' || faults(source).length > 0;
}

const order: Record<Source['kind'], string> = {
  listener: 'Listeners',
  file: 'Followed files',
  source: 'Sources',
};

// Groups in the order of the way in; within one as the server tells them.
export function grouped(sources: readonly Source[]): [title: string, own: Source[]][] {
  return (Object.entries(order) as [Source['kind'], string][])
    .map(([kind, title]): [string, Source[]] => [title, sources.filter((source) => source.kind === kind)])
    .filter(([, own]) => own.length > 0);
}
