// What a live message does to a list on screen. Pure: nothing moves, new rows wait, changed rows are marked.

export interface Row {
  id: string;
  severity: string;
}

export interface Marks {
  waiting: Record<string, string>; // id → severity of rows that are not in the list yet
  changed: Record<string, number>; // id → when, ms
  atLeast: boolean; // the server sent only a part of what came
}

export const noMarks: Marks = { waiting: {}, changed: {}, atLeast: false };

// More than this many waiting rows are counted, but not kept by id.
export const kWaitingCap = 1000;

export interface Outcome<R extends Row> {
  rows: readonly R[]; // the same array when nothing in it changed
  marks: Marks;
}

export function mergeRow<R extends Row>(
  rows: readonly R[],
  marks: Marks,
  row: R,
  matches: boolean,
  now: number,
): Outcome<R> {
  const at = rows.findIndex((known) => known.id === row.id);
  if (at < 0) return { rows, marks: waitingWith(marks, row, matches) };
  const known = rows[at] as R;
  const merged = { ...known, ...row };
  if (sameFields(known, merged)) return { rows, marks };
  return {
    rows: rows.map((old, i) => (i === at ? merged : old)),
    marks: { ...marks, changed: { ...marks.changed, [row.id]: now } },
  };
}

function waitingWith<R extends Row>(marks: Marks, row: R, matches: boolean): Marks {
  if (matches) {
    if (marks.waiting[row.id] === row.severity || Object.keys(marks.waiting).length >= kWaitingCap)
      return marks;
    return { ...marks, waiting: { ...marks.waiting, [row.id]: row.severity } };
  }
  if (!(row.id in marks.waiting)) return marks;
  return { ...marks, waiting: without(marks.waiting, row.id) };
}

function without<T>(record: Record<string, T>, id: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== id));
}

function sameFields(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

// "12 new, 1 critical": the worst severity is named when it is critical or high.
export function waitingText(marks: Marks): string {
  const severities = Object.values(marks.waiting);
  if (severities.length === 0) return 'New rows';
  const worst = severities.includes('critical') ? 'critical' : severities.includes('high') ? 'high' : null;
  const capped = marks.atLeast || severities.length >= kWaitingCap;
  const many = `${capped ? 'At least ' : ''}${severities.length} new`;
  return worst === null ? many : `${many}, ${severities.filter((one) => one === worst).length} ${worst}`;
}

export function hasNews(marks: Marks): boolean {
  return marks.atLeast || Object.keys(marks.waiting).length > 0;
}
