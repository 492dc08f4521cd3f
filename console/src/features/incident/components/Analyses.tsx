import type { Analysis, Incident } from '@/shared/api/wire';
import { confidenceWord, duration, plain } from '@/shared/text/words';
import { Evidence } from '@/shared/facts/Facts';
import { Empty } from '@/shared/ui/states';
import { Hostile } from '@/shared/ui/Hostile';
import css from './Tabs.module.css';

type Open = (alert: string, pointer: string) => void;

export function Analyses({ incident, onEvidence }: { incident: Incident; onEvidence: Open }) {
  if (!incident.analyses)
    return <Empty text="Its alerts are part of another incident now; the analyses are there." />;
  return (
    <div className={css['cards']}>
      {Object.entries(incident.analyses).map(([name, analysis]) => (
        <One key={name} name={name} analysis={analysis} onEvidence={onEvidence} />
      ))}
    </div>
  );
}

function One({ name, analysis, onEvidence }: { name: string; analysis: Analysis; onEvidence: Open }) {
  return (
    <article className={css['card']}>
      <div className={css['cardHead']}>
        <h3>{name === 'devops' ? 'DevOps' : plain(name)}</h3>
        <span className="muted">
          Confidence: {confidenceWord(analysis.confidence)} · took {duration(analysis.processing_time_ms)}
        </span>
      </div>
      <p>
        <Hostile text={analysis.analysis} cap={1200} />
      </p>
      <List
        title="Findings"
        items={analysis.key_findings}
        evidence={analysis.evidence}
        onEvidence={onEvidence}
      />
      <List title="Recommended" items={analysis.recommendations} />
      <p className="muted">
        Read:{' '}
        {analysis.data_sources_consulted.length > 0 ? analysis.data_sources_consulted.join(', ') : 'nothing'}
      </p>
    </article>
  );
}

interface ListProps {
  title: string;
  items: readonly string[];
  evidence?: readonly (readonly string[])[]; // of each item
  onEvidence?: Open;
}

function List({ title, items, evidence, onEvidence }: ListProps) {
  if (items.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <ul>
        {items.map((item, i) => (
          <li key={i}>
            <Hostile text={item} /> <Evidence evidence={evidence?.[i] ?? []} onOpen={onEvidence} most={3} />
          </li>
        ))}
      </ul>
    </>
  );
}
