// The same graph as two tables: the accessible version, and the one to read numbers from.
import type { EntityGraph } from '@/shared/api/wire';
import { visible } from '@/shared/text/hostile';
import { kindWord, plain } from '@/shared/text/words';
import { EvidenceChip } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { SeverityMark } from '@/shared/ui/Severity';
import { Moment } from '@/shared/ui/TimeText';
import type { GraphEdge, GraphNode } from '../graphLayout';
import { AlertsWithNode, NodeName } from './NodePanel';
import tabs from './Tabs.module.css';
import css from './Graph.module.css';

interface Props {
  graph: EntityGraph;
  chosen: string | null;
  onChoose: (id: string | null) => void;
  onEvidence: (alert: string, pointer: string) => void;
}

export function GraphTables({ graph, chosen, onChoose, onEvidence }: Props) {
  const names = new Map(graph.nodes.map((node) => [node.id, node]));
  return (
    <div className={css['tables']}>
      <h3>Entities</h3>
      <div className={tabs['scroll']}>
        <table className={tabs['table']}>
          <Head titles={['Kind', 'Value', 'Role', 'Worst', 'Alerts', 'First seen', 'Last seen']} />
          <tbody>
            {graph.nodes.map((node) => (
              <tr key={node.id} className={node.id === chosen ? css['chosen'] : undefined}>
                <td>{kindWord(node.kind)}</td>
                <td className={tabs['wide']}>
                  <button
                    type="button"
                    className={css['name']}
                    aria-pressed={node.id === chosen}
                    onClick={() => {
                      onChoose(node.id === chosen ? null : node.id);
                    }}
                  >
                    <Hostile text={node.value} kind={node.kind} mono cap={200} />
                  </button>
                </td>
                <td>{plain(node.role)}</td>
                <td>
                  <SeverityMark severity={node.severity} />
                </td>
                <td>
                  <AlertsWithNode incident={graph.incident_id} node={node} />
                </td>
                <td>
                  <Moment at={node.first_seen} />
                </td>
                <td>
                  <Moment at={node.last_seen} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h3>Links</h3>
      <div className={tabs['scroll']}>
        <table className={tabs['table']}>
          <Head titles={['From', '', 'To', 'Alerts']} />
          <tbody>
            {graph.edges.map((edge) => (
              <tr key={`${edge.from} ${edge.to}`}>
                <td className={tabs['wide']}>
                  <End id={edge.from} node={names.get(edge.from)} />
                </td>
                <td className="secondary">{edge.directed ? 'acted upon' : 'named with'}</td>
                <td className={tabs['wide']}>
                  <End id={edge.to} node={names.get(edge.to)} />
                </td>
                <td>
                  <EdgeAlerts edge={edge} onEvidence={onEvidence} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Head({ titles }: { titles: readonly string[] }) {
  return (
    <thead>
      <tr>
        {titles.map((title) => (
          <th key={title} scope="col">
            {title || <span className="sr-only">How</span>}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function End({ id, node }: { id: string; node: GraphNode | undefined }) {
  return node ? <NodeName node={node} /> : <span className="mono">{visible(id, 120)}</span>;
}

export function EdgeAlerts({
  edge,
  onEvidence,
  most = 3,
}: {
  edge: GraphEdge;
  onEvidence: (alert: string, pointer: string) => void;
  most?: number;
}) {
  return (
    <>
      {edge.alert_ids.slice(0, most).map((id) => (
        <EvidenceChip key={id} evidence={id} onOpen={onEvidence} />
      ))}
      {edge.alerts > most && <span className="muted">and {edge.alerts - most} more</span>}
    </>
  );
}
