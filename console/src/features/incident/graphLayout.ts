// Where the nodes of a graph stand: a column for who, where, the network and what, each ordered so that few lines
// cross. Worked out once, without chance: the same graph is always the same picture.
import type { EntityGraph } from '@/shared/api/wire';

export type GraphNode = EntityGraph['nodes'][number];
export type GraphEdge = EntityGraph['edges'][number];

export interface Point {
  x: number;
  y: number;
}

export interface Column {
  title: string;
  x: number;
}

// The left upper corner of each node; one path for each line.
export interface Picture {
  width: number;
  height: number;
  columns: readonly Column[];
  nodes: ReadonlyMap<string, Point>;
  lines: readonly { edge: GraphEdge; path: string }[];
}

export const kNodeHeight = 32;
const kRow = 40;
const kGap = 64; // between columns: room for the lines
const kMargin = 16;
const kHead = 36;
const kInColumn = 16; // more stand in a second column beside it
const kSweeps = 8;

const groups: readonly (readonly [title: string, kinds: readonly string[]])[] = [
  ['Who', ['user', 'account', 'email']],
  ['Where', ['host', 'mac', 'cloud_resource']],
  ['Network', ['ip', 'domain', 'url']],
  ['What', ['process', 'file', 'hash', 'cve']],
];

export function layOut(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  widthOf: (node: GraphNode) => number,
): Picture {
  const sorted = [...nodes].sort((a, b) => compare(a.id, b.id));
  const widths = new Map(sorted.map((node) => [node.id, widthOf(node)]));
  const drawn = edges
    .filter(({ from, to }) => widths.has(from) && widths.has(to))
    .sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
  const stacks = ordered(stacksOf(sorted), drawn);
  const tallest = Math.max(0, ...stacks.map((stack) => stack.ids.length));
  const placed = new Map<string, Point>();
  const columns: Column[] = [];
  let x = kMargin;
  for (const { title, ids } of stacks) {
    const top = kHead + ((tallest - ids.length) * kRow) / 2;
    ids.forEach((id, i) => placed.set(id, { x, y: Math.round(top + i * kRow) }));
    if (title !== '') columns.push({ title, x });
    x += Math.max(...ids.map((id) => widths.get(id) ?? 0)) + kGap;
  }
  return {
    width: Math.max(kMargin, x - kGap) + kMargin + kReach,
    height: kHead + tallest * kRow + kMargin,
    columns,
    nodes: placed,
    lines: drawn.map((edge) => ({ edge, path: pathOf(edge, placed, widths) })),
  };
}

interface Stack {
  title: string; // none for what goes on from the column before
  ids: string[];
}

function stacksOf(nodes: readonly GraphNode[]): Stack[] {
  const named = new Set(groups.flatMap(([, kinds]) => kinds));
  const others = nodes.filter((node) => !named.has(node.kind)).map((node) => node.id);
  const own = groups.map(([title, kinds]): [string, string[]] => [
    title,
    nodes.filter((node) => kinds.includes(node.kind)).map((node) => node.id),
  ]);
  return [...own, ['Other', others] as [string, string[]]].flatMap(([title, ids]) => {
    const many = Math.ceil(ids.length / kInColumn);
    const each = Math.ceil(ids.length / Math.max(1, many));
    return Array.from({ length: many }, (_, i) => ({
      title: i === 0 ? title : '',
      ids: ids.slice(i * each, (i + 1) * each),
    }));
  });
}

// Each node goes to the mean height of what it is linked with, again and again, there and back.
function ordered(stacks: Stack[], edges: readonly GraphEdge[]): Stack[] {
  const linked = new Map<string, [other: string, weight: number][]>();
  for (const { from, to, alerts } of edges) {
    linked.set(from, [...(linked.get(from) ?? []), [to, alerts]]);
    linked.set(to, [...(linked.get(to) ?? []), [from, alerts]]);
  }
  const current = [...stacks];
  for (let sweep = 0; sweep < kSweeps; sweep++)
    for (const place of there(current.length, sweep % 2 === 0)) {
      const height = heights(current);
      const wanted = (id: string) => mean(linked.get(id) ?? [], height) ?? height.get(id) ?? 0;
      const stack = current[place] as Stack;
      const ids = [...stack.ids].sort((a, b) => wanted(a) - wanted(b) || compare(a, b));
      current[place] = { ...stack, ids };
    }
  return current;
}

function there(length: number, forwards: boolean): number[] {
  return Array.from({ length }, (_, i) => (forwards ? i : length - 1 - i));
}

function heights(stacks: readonly Stack[]): Map<string, number> {
  return new Map(stacks.flatMap(({ ids }) => ids.map((id, i) => [id, i - (ids.length - 1) / 2] as const)));
}

function mean(links: readonly [string, number][], height: ReadonlyMap<string, number>): number | null {
  const weight = links.reduce((sum, [, w]) => sum + w, 0);
  return weight > 0 ? links.reduce((sum, [id, w]) => sum + w * (height.get(id) ?? 0), 0) / weight : null;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const kReach = 40; // of a line between two nodes of one column

// From border to border, from its beginning to its end: an arrow stands at the end.
function pathOf(
  { from, to }: GraphEdge,
  placed: ReadonlyMap<string, Point>,
  widths: ReadonlyMap<string, number>,
): string {
  const a = placed.get(from) as Point;
  const b = placed.get(to) as Point;
  const right = (id: string, at: Point) => at.x + (widths.get(id) ?? 0);
  const [ay, by] = [a.y + kNodeHeight / 2, b.y + kNodeHeight / 2];
  if (a.x === b.x) {
    const out = Math.max(right(from, a), right(to, b)) + kReach;
    return `M${right(from, a)},${ay} C${out},${ay} ${out},${by} ${right(to, b)},${by}`;
  }
  const [ax, bx] = a.x < b.x ? [right(from, a), b.x] : [a.x, right(to, b)];
  const middle = (ax + bx) / 2;
  return `M${ax},${ay} C${middle},${ay} ${middle},${by} ${bx},${by}`;
}

const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const;
export type Arrow = keyof typeof directions;

export function isArrow(key: string): key is Arrow {
  return key in directions;
}

// The nearest node in that direction. Lines run sideways, so sideways the arrow follows a line where there is one.
export function neighbour(picture: Picture, from: string, arrow: Arrow): string | null {
  const here = picture.nodes.get(from);
  if (!here) return [...picture.nodes.keys()][0] ?? null;
  const [dx, dy] = directions[arrow];
  const linked = new Set(picture.lines.flatMap(({ edge }) => otherEnd(edge, from) ?? []));
  let best: { id: string; cost: number } | null = null;
  for (const [id, at] of picture.nodes) {
    const along = (at.x - here.x) * dx + (at.y - here.y) * dy;
    const aside = Math.abs((at.x - here.x) * dy) + Math.abs((at.y - here.y) * dx);
    if (id === from || along <= 0) continue;
    const cost = along + 2 * aside + (dx === 0 || linked.has(id) ? 0 : 400);
    if (!best || cost < best.cost) best = { id, cost };
  }
  return best?.id ?? null;
}

export function otherEnd(edge: GraphEdge, id: string): string | null {
  if (edge.from === id) return edge.to;
  return edge.to === id ? edge.from : null;
}
