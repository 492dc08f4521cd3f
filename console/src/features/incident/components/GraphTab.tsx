// Which entities the alerts tie together: a picture to walk with the arrow keys, and the same as tables.
import { useQuery } from '@tanstack/react-query';
import type { EntityGraph } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { usePrefs } from '@/shared/prefs/prefs';
import { clockText } from '@/shared/text/time';
import { visible } from '@/shared/text/hostile';
import { Button } from '@/shared/ui/basics';
import { Empty, Loading, ProblemView } from '@/shared/ui/states';
import { useUrlState } from '@/shared/ui/useUrlState';
import { graphQuery, kGraphMost, kGraphNodes } from '../api/incident';
import { GraphPicture } from './GraphPicture';
import { GraphTables } from './GraphTables';
import { NodePanel } from './NodePanel';
import tabs from './Tabs.module.css';
import css from './Graph.module.css';

type Open = (alert: string, pointer: string) => void;

export function GraphTab({ id, onEvidence }: { id: string; onEvidence: Open }) {
  const [around, setAround] = useUrlState('around');
  const [more, setMore] = useUrlState('nodes');
  const nodes = more === null ? kGraphNodes : kGraphMost;
  const { data, error, refetch, dataUpdatedAt, isFetching } = useQuery(graphQuery(id, { around, nodes }));
  if (error) return <ProblemView error={error} what="The graph" onRetry={() => void refetch()} />;
  if (!data) return <Loading lines={10} what="the graph" />;
  if (data.nodes.length === 0 && around)
    return (
      <Empty text={`${visible(around, 80)} is not in this incident any more.`}>
        <Button
          onClick={() => {
            setAround(null);
          }}
        >
          Show the whole incident
        </Button>
      </Empty>
    );
  if (data.nodes.length === 0)
    return (
      <Empty text="No user, host or address was found in its alerts, so nothing ties them together here. The Timeline and the Alerts tab show them one by one." />
    );
  return (
    <Shown
      graph={data}
      around={around}
      onAround={setAround}
      onMore={() => {
        setMore(String(kGraphMost));
      }}
      readAt={dataUpdatedAt}
      busy={isFetching}
      onRefresh={() => void refetch()}
      onEvidence={onEvidence}
    />
  );
}

interface ShownProps {
  graph: EntityGraph;
  around: string | null;
  onAround: (id: string | null) => void;
  onMore: () => void;
  readAt: number;
  busy: boolean;
  onRefresh: () => void;
  onEvidence: Open;
}

function Shown({ graph, around, onAround, onMore, readAt, busy, onRefresh, onEvidence }: ShownProps) {
  const [as, setAs] = useUrlState('as');
  const [node, setNode] = useUrlState('node');
  const { zone } = usePrefs();
  const table = as === 'table';
  const chosen = graph.nodes.find((one) => one.id === node);
  const turn = () => {
    setAs(table ? null : 'table');
  };
  useActions([
    {
      id: 'graph-table',
      title: table ? 'Graph: show the picture' : 'Graph: show as tables',
      group: 'View',
      keys: ['w'],
      run: turn,
    },
    {
      id: 'graph-around',
      title: around ? 'Graph: show the whole incident' : 'Graph: only what is linked to the chosen entity',
      group: 'View',
      keys: ['f'],
      blocked: (around ?? node) ? null : 'Choose an entity first.',
      run: () => {
        onAround(around ? null : node);
      },
    },
  ]);
  return (
    <>
      <div className={tabs['bar']}>
        <Button keys="w" aria-pressed={table} onClick={turn}>
          {table ? 'Picture' : 'Tables'}
        </Button>
        {around && (
          <Button
            keys="f"
            onClick={() => {
              onAround(null);
            }}
          >
            Show the whole incident
          </Button>
        )}
        {graph.nodes.length < graph.total_nodes && graph.nodes.length <= kGraphNodes && (
          <Button onClick={onMore}>Show up to {kGraphMost}</Button>
        )}
        <span className="muted">
          {shownText(graph)}, as of {clockText(new Date(readAt).toISOString(), zone)}{' '}
          <Button look="ghost" disabled={busy} onClick={onRefresh}>
            Refresh
          </Button>
        </span>
      </div>
      <div className={css['split']}>
        {table ? (
          <GraphTables graph={graph} chosen={node} onChoose={setNode} onEvidence={onEvidence} />
        ) : (
          <GraphPicture graph={graph} chosen={node} onChoose={setNode} />
        )}
        <NodePanel
          graph={graph}
          node={chosen}
          around={around}
          onChoose={setNode}
          onAround={onAround}
          onEvidence={onEvidence}
        />
      </div>
    </>
  );
}

function shownText({ nodes, edges, total_nodes, total_edges }: EntityGraph): string {
  const n = (value: number) => value.toLocaleString('en');
  return `${n(nodes.length)} of ${n(total_nodes)} entities, ${n(edges.length)} of ${n(total_edges)} links`;
}
