import { useMemo, useRef, type KeyboardEvent } from 'react';
import type { EntityGraph } from '@/shared/api/wire';
import { visible, defangAs } from '@/shared/text/hostile';
import { count, kindWord } from '@/shared/text/words';
import { SeverityGlyph } from '@/shared/ui/Severity';
import { isArrow, kNodeHeight, layOut, neighbour, type GraphEdge, type GraphNode } from '../graphLayout';
import css from './Graph.module.css';

const kLabel = 22; // characters
const kCharPx = 7.6; // of 12.5 px mono
const kLeastScale = 0.75; // below it the labels cannot be read: then it scrolls

interface Props {
  graph: EntityGraph;
  chosen: string | null;
  onChoose: (id: string | null) => void;
}

export function GraphPicture({ graph, chosen, onChoose }: Props) {
  const picture = useMemo(() => layOut(graph.nodes, graph.edges, widthOf), [graph]);
  const svg = useRef<SVGSVGElement>(null);
  const stop = graph.nodes.some((node) => node.id === chosen) ? chosen : (graph.nodes[0]?.id ?? null);
  const onKey = (event: KeyboardEvent, id: string) => {
    if (event.key === 'Enter' || event.key === ' ') onChoose(id);
    else if (isArrow(event.key)) {
      const next = neighbour(picture, id, event.key);
      if (next) {
        onChoose(next);
        svg.current?.querySelector<SVGGElement>(`[data-node="${CSS.escape(next)}"]`)?.focus();
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css['frame']} tabIndex={0} role="region" aria-label="Graph, scrolls in both directions">
      <svg
        ref={svg}
        role="group"
        aria-label={`${count(graph.nodes.length, 'entity', 'entities')} and ${count(graph.edges.length, 'link')}; arrow keys walk`}
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        style={{ minWidth: picture.width * kLeastScale, maxWidth: picture.width }}
        className={css['picture']}
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 .5 7.5 4 0 7.5z" className={css['head']} />
          </marker>
        </defs>
        {picture.columns.map(({ title, x }) => (
          <text key={title} x={x} y="22" className={css['column']} aria-hidden>
            {title}
          </text>
        ))}
        {picture.lines.map(({ edge, path }) => (
          <path
            key={`${edge.from} ${edge.to}`}
            d={path}
            markerEnd={edge.directed ? 'url(#arrow)' : undefined}
            strokeWidth={Math.min(4, 1 + Math.log2(edge.alerts))}
            className={`${css['line']} ${lineLook(edge, chosen)}`}
          />
        ))}
        {graph.nodes.map((node) => {
          const at = picture.nodes.get(node.id) ?? { x: 0, y: 0 };
          return (
            <g
              key={node.id}
              data-node={node.id}
              role="button"
              tabIndex={node.id === stop ? 0 : -1}
              aria-pressed={node.id === chosen}
              aria-label={spoken(node, labelOf(node))}
              transform={`translate(${at.x} ${at.y})`}
              className={css['node']}
              onClick={() => {
                onChoose(node.id === chosen ? null : node.id);
              }}
              onKeyDown={(event) => {
                onKey(event, node.id);
              }}
            >
              <NodeBox node={node} />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function NodeBox({ node }: { node: GraphNode }) {
  const width = widthOf(node);
  return (
    <>
      <title>{spoken(node, visible(defangAs(node.kind, node.value), 200))}</title>
      <rect className={css['ring']} x="-4" y="-4" width={width + 8} height={kNodeHeight + 8} rx="7" />
      <rect className={css['box']} width={width} height={kNodeHeight} rx="4" />
      <g transform="translate(9 9)" className={css['kind']}>
        {shapes[node.kind] ?? shapes['other']}
      </g>
      <text x="30" y="20.5" className={css['label']}>
        {labelOf(node)}
      </text>
      <svg x={width - 23} y="9" width="14" height="14" className={css[node.severity]} aria-hidden>
        <SeverityGlyph severity={node.severity} />
      </svg>
    </>
  );
}

// By kind, in a square of 14; told apart without colour.
const shapes: Record<string, React.ReactNode> = {
  user: <circle cx="7" cy="7" r="6" />,
  account: <circle cx="7" cy="7" r="6" />,
  email: <path d="M1 2.5h12v9H1zM1 3l6 5 6-5" />,
  host: <rect x="1" y="1" width="12" height="12" />,
  ip: <path d="M7 .5 13.5 7 7 13.5.5 7z" />,
  domain: <path d="M4 1h6l3.5 6-3.5 6H4L.5 7z" />,
  url: <path d="M4 1h6l3.5 6-3.5 6H4L.5 7z" />,
  file: <path d="M2.5.8h6l3 3v9.4h-9zM8.5.8v3h3" />,
  hash: <path d="M2.5.8h6l3 3v9.4h-9zM8.5.8v3h3" />,
  process: <path d="M1 1.5h12v11H1zM3.5 5l2 2-2 2M7 9.5h3.5" />,
  other: <rect x="1" y="1" width="12" height="12" rx="6" />,
};

function widthOf(node: GraphNode): number {
  return Math.round(30 + labelOf(node).length * kCharPx + 30);
}

// Both ends of a long value tell more than its beginning.
function labelOf({ kind, value }: GraphNode): string {
  const text = visible(defangAs(kind, value), 200);
  return text.length <= kLabel ? text : `${text.slice(0, kLabel - 10)}…${text.slice(-9)}`;
}

// By its visible label, so that who speaks to the browser can name it; the whole value is in the tooltip.
function spoken(node: GraphNode, value: string): string {
  return `${kindWord(node.kind)} ${value}, ${node.severity}, ${count(node.alerts, 'alert')}`;
}

// The lines of the chosen node stand out; without one all are equal.
function lineLook(edge: GraphEdge, chosen: string | null): string {
  if (chosen === null) return '';
  return (edge.from === chosen || edge.to === chosen ? css['lit'] : css['dim']) ?? '';
}
