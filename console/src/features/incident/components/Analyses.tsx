import type { Analysis, Incident } from '@/shared/api/wire';
import { confidenceWord, duration, plain } from '@/shared/text/words';
import { Hostile } from '@/shared/ui/Hostile';
import css from './Tabs.module.css';

export function Analyses({ incident }: { incident: Incident }) {
  return (
    <div className={css['cards']}>
      {Object.entries(incident.analyses).map(([name, analysis]) => (
        <One key={name} name={name} analysis={analysis} />
      ))}
    </div>
  );
}

function One({ name, analysis }: { name: string; analysis: Analysis }) {
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
      <List title="Findings" items={analysis.key_findings} />
      <List title="Recommended" items={analysis.recommendations} />
      <p className="muted">
        Read:{' '}
        {analysis.data_sources_consulted.length > 0 ? analysis.data_sources_consulted.join(', ') : 'nothing'}
      </p>
    </article>
  );
}

function List({ title, items }: { title: string; items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <ul>
        {items.map((item, i) => (
          <li key={i}>
            <Hostile text={item} />
          </li>
        ))}
      </ul>
    </>
  );
}
