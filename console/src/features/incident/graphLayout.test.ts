import { describe, expect, it } from 'vitest';
import { kNodeHeight, layOut, neighbour, type GraphEdge, type GraphNode } from './graphLayout';

const node = (id: string, kind = 'host'): GraphNode => ({
  id,
  kind,
  value: id,
  role: 'target',
  alerts: 1,
  severity: 'high',
  first_seen: '',
  last_seen: '',
  distance: 0,
});
const edge = (from: string, to: string): GraphEdge => ({
  from,
  to,
  directed: true,
  alerts: 1,
  alert_ids: [],
});

const nodes = [
  node('hub', 'user'),
  ...Array.from({ length: 20 }, (_, i) => node(`leaf-${i}`, i < 3 ? 'host' : 'file')),
  node('alone', 'something new'),
];
const edges = nodes.slice(1, -1).map((leaf) => edge('hub', leaf.id));
const width = () => 120;

describe('the layout', () => {
  it('is the same whatever the order in which nodes and edges come', () => {
    const there = layOut(nodes, edges, width);
    const back = layOut(nodes.toReversed(), edges.toReversed(), width);
    expect(back.lines).toEqual(there.lines);
    expect([back.width, back.height]).toEqual([there.width, there.height]);
    for (const { id } of nodes) expect(back.nodes.get(id)).toEqual(there.nodes.get(id));
  });

  it('lays no two nodes upon each other and all of them inside', () => {
    const { nodes: placed, ...whole } = layOut(nodes, edges, width);
    const boxes = [...placed.values()];
    expect(boxes).toHaveLength(22);
    for (const [i, a] of boxes.entries()) {
      expect(a.x >= 0 && a.y >= 0 && a.x + 120 <= whole.width && a.y + kNodeHeight <= whole.height).toBe(
        true,
      );
      for (const b of boxes.slice(i + 1))
        expect(Math.abs(a.x - b.x) < 120 && Math.abs(a.y - b.y) < kNodeHeight).toBe(false);
    }
  });

  it('has a column for each group that is there, and a second one where one would be too long', () => {
    const { columns, nodes: placed } = layOut(nodes, edges, width);
    expect(columns.map((column) => column.title)).toEqual(['Who', 'Where', 'What', 'Other']);
    expect(new Set([...placed.values()].map((at) => at.x)).size).toBe(5);
  });

  it('puts what is linked side by side', () => {
    const users = ['u1', 'u2', 'u3'].map((id) => node(id, 'user'));
    const hosts = ['h1', 'h2', 'h3'].map((id) => node(id));
    const crossed = [edge('u1', 'h3'), edge('u2', 'h2'), edge('u3', 'h1')];
    const { nodes: placed } = layOut([...users, ...hosts], crossed, width);
    for (const { from, to } of crossed) expect(placed.get(from)?.y).toBe(placed.get(to)?.y);
  });

  it('draws only lines whose ends are shown, and nothing of nothing', () => {
    expect(layOut(nodes.slice(0, 2), edges, width).lines).toHaveLength(1);
    expect(layOut([], edges, width).nodes.size).toBe(0);
  });
});

describe('arrow keys', () => {
  const picture = {
    width: 500,
    height: 300,
    nodes: new Map([
      ['a', { x: 0, y: 100 }],
      ['b', { x: 200, y: 100 }],
      ['c', { x: 200, y: 140 }],
      ['d', { x: 400, y: 0 }],
    ]),
    columns: [],
    lines: [{ edge: edge('a', 'c'), path: '' }],
  };

  it('follow a line before they go to what is merely near', () => {
    expect(neighbour(picture, 'a', 'ArrowRight')).toBe('c');
    expect(neighbour(picture, 'c', 'ArrowUp')).toBe('b');
    expect(neighbour(picture, 'b', 'ArrowRight')).toBe('d');
  });

  it('stay where nothing lies that way', () => {
    expect(neighbour(picture, 'd', 'ArrowRight')).toBeNull();
    expect(neighbour(picture, 'gone', 'ArrowRight')).toBe('a');
  });
});
