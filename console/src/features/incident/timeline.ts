// What the server found among the times, laid beside the entries it speaks of.
import type { Timeline, TimelineEntry } from '@/shared/api/wire';
import type { Order } from './api/incident';

export type Phase = Timeline['phases'][number];
export type Gap = Timeline['gaps'][number];
export type Clock = Timeline['clocks'][number];

export type Row = { kind: 'entry'; entry: TimelineEntry } | { kind: 'gap'; gap: Gap };

// A silence stands between the alerts that bound it; what people did meanwhile stays on its earlier side.
export function withGaps(entries: readonly TimelineEntry[], gaps: readonly Gap[], order: Order): Row[] {
  const sign = order === 'oldest' ? 1 : -1;
  const after = (gap: Gap) => Date.parse(order === 'oldest' ? gap.to : gap.from);
  const waiting = [...gaps].sort((a, b) => sign * (after(a) - after(b)));
  const rows: Row[] = [];
  for (const entry of entries) {
    while (waiting[0] && entry.kind === 'alert' && sign * (Date.parse(entry.at) - after(waiting[0])) >= 0)
      rows.push({ kind: 'gap', gap: waiting.shift() as Gap });
    rows.push({ kind: 'entry', entry });
  }
  return rows;
}

export function byDay(
  rows: readonly Row[],
  dayOf: (iso: string) => string,
  order: Order,
): [day: string, rows: Row[]][] {
  const days: [string, Row[]][] = [];
  for (const row of rows) {
    const at = row.kind === 'entry' ? row.entry.at : order === 'oldest' ? row.gap.from : row.gap.to;
    const day = dayOf(at);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(row);
    else days.push([day, [row]]);
  }
  return days;
}

// Of the alerts that a clock finding names (at most 50 of each): what is wrong with their time.
export function clockMarks(clocks: readonly Clock[]): ReadonlyMap<string, Clock> {
  return new Map(clocks.flatMap((clock) => clock.alert_ids.map((id) => [id, clock] as const)));
}

export interface Span {
  left: number; // per cent of the axis
  width: number;
}

export function axisOf(phases: readonly Phase[]): { from: number; to: number } {
  return {
    from: Math.min(...phases.map((phase) => Date.parse(phase.first_seen))),
    to: Math.max(...phases.map((phase) => Date.parse(phase.last_seen))),
  };
}

// Cut at the ends of the axis; everything at one moment lies at its beginning.
export function spanOf(from: string, to: string, axis: { from: number; to: number }): Span {
  const length = axis.to - axis.from;
  if (length <= 0) return { left: 0, width: 0 };
  const share = (iso: string) => Math.max(0, Math.min(1, (Date.parse(iso) - axis.from) / length));
  const left = share(from);
  return { left: left * 100, width: (share(to) - left) * 100 };
}
