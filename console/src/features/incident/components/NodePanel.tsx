// What is known of the chosen entity, and what it is linked with.
import { Link } from 'react-router';
import type { EntityGraph } from '@/shared/api/wire';
import { alertsWhere } from '@/shared/query/write';
import { defangAs } from '@/shared/text/hostile';
import { count, kindWord, plain } from '@/shared/text/words';
import { Button, CopyButton, Facts } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { SeverityMark } from '@/shared/ui/Severity';
import { Moment } from '@/shared/ui/TimeText';
import { otherEnd, type GraphNode } from '../graphLayout';
import { EdgeAlerts } from './GraphTables';
import css from './Graph.module.css';

const kLinks = 20;

interface Props {
  graph: EntityGraph;
  node: GraphNode | undefined;
  around: string | null;
  onChoose: (id: string) => void;
  onAround: (id: string | null) => void;
  onEvidence: (alert: string, pointer: string) => void;
}

export function NodePanel({ graph, node, around, onChoose, onAround, onEvidence }: Props) {
  return (
    <div className={css['panel']} role="group" aria-label="Chosen entity">
      {node ? (
        <Chosen {...{ graph, node, around, onChoose, onAround, onEvidence }} />
      ) : (
        <p className="secondary">
          Choose an entity to see its links: click it, or Tab into the picture and walk with the arrow keys.
          Line width stands for the number of alerts that name both ends; an arrow says who acted upon whom.
        </p>
      )}
    </div>
  );
}

function Chosen({
  graph,
  node,
  around,
  onChoose,
  onAround,
  onEvidence,
}: Omit<Props, 'node'> & { node: GraphNode }) {
  const names = new Map(graph.nodes.map((one) => [one.id, one]));
  const links = graph.edges
    .flatMap((edge) => {
      const other = names.get(otherEnd(edge, node.id) ?? '');
      return other ? [{ edge, other }] : [];
    })
    .sort((a, b) => b.edge.alerts - a.edge.alerts);
  return (
    <>
      <div className={css['panelHead']}>
        <h3>
          <NodeName node={node} />
        </h3>
        <CopyButton
          text={defangAs(node.kind, node.value)}
          what={`this ${plain(node.kind).toLowerCase()}, defanged`}
        />
      </div>
      <Facts
        rows={[
          ['Role', plain(node.role)],
          ['Worst', <SeverityMark key="s" severity={node.severity} />],
          ['Alerts here', <AlertsWithNode key="a" incident={graph.incident_id} node={node} />],
          [
            'Everywhere',
            <Link key="e" to={alertsWhere(['entity', node.value])}>
              Alerts with it
            </Link>,
          ],
          ['First seen', <Moment key="f" at={node.first_seen} />],
          ['Last seen', <Moment key="l" at={node.last_seen} />],
        ]}
      />
      {around !== node.id && (
        <Button
          keys="f"
          onClick={() => {
            onAround(node.id);
          }}
        >
          Only what is linked to it
        </Button>
      )}
      <h3 className={css['linksTitle']}>{count(links.length, 'link')}</h3>
      <ul className={css['links']}>
        {links.slice(0, kLinks).map(({ edge, other }) => (
          <li key={other.id}>
            <button
              type="button"
              className={css['name']}
              onClick={() => {
                onChoose(other.id);
              }}
            >
              <NodeName node={other} />
            </button>
            <div>
              <EdgeAlerts edge={edge} onEvidence={onEvidence} most={2} />
            </div>
          </li>
        ))}
      </ul>
      {links.length > kLinks && <p className="muted">The {kLinks} strongest are listed.</p>}
    </>
  );
}

export function NodeName({ node }: { node: GraphNode }) {
  return (
    <>
      <span className="secondary">{kindWord(node.kind)}</span>{' '}
      <Hostile text={node.value} kind={node.kind} mono cap={120} />
    </>
  );
}

export function AlertsWithNode({ incident, node }: { incident: string; node: GraphNode }) {
  return (
    <Link to={alertsWhere(['incident', incident], ['entity', node.value])}>
      {count(node.alerts, 'alert')}
    </Link>
  );
}
