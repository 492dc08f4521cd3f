// Parts of a judgement that alert, incident and peek show alike.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useAttackTable } from '@/shared/facts/attack';
import type { AlertItem, Entity, Ioc, Reason, Sentence, Verdict } from '@/shared/api/wire';
import { alertsWhere } from '@/shared/query/write';
import { defangAs } from '@/shared/text/hostile';
import { confidenceWord, kindWord, plain, suggestionLine, verdictWords } from '@/shared/text/words';
import { Button, CopyButton, EvidenceChip, copyText } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { reasonText } from '@/shared/decide/reasons';
import css from './Facts.module.css';

// What the machine proposes: its own slot, its own words, and never without why it is unsure.
interface SuggestedProps {
  triage: AlertItem['triage'];
  known?: boolean; // whether its reasons were read
  children?: ReactNode;
}

export function Suggested({ triage, known = true, children }: SuggestedProps) {
  const against = triage.reasons.filter((reason) =>
    triage.verdict === 'false_positive' ? reason.weight > 0 : reason.weight < 0,
  );
  const strongest = [...against].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))[0];
  return (
    <div className={css['suggested']}>
      <span className={css['slot']}>Suggested</span>
      <div>
        <p>
          {triage.verdict === 'undecided' ? (
            <>
              <b>No verdict.</b> Estimate so far: {suggestionLine(triage).toLowerCase()}
            </>
          ) : (
            <b>{suggestionLine(triage)}</b>
          )}
        </p>
        <p className="secondary">Confidence: {confidenceWord(triage.confidence)}</p>
        <p className="secondary">
          {strongest ? (
            <>
              Not certain because: <Hostile text={strongest.text} />
            </>
          ) : (
            known && 'Nothing known speaks against it'
          )}
        </p>
        {children}
      </div>
    </div>
  );
}

export function Decided({
  verdict,
  closeReason,
  children,
}: {
  verdict: Verdict;
  closeReason: string | null;
  children?: ReactNode;
}) {
  return (
    <div className={css['decided']}>
      <span className={css['slot']}>Decided</span>
      <div>
        <p>
          {verdict === 'undecided' ? (
            <span className="secondary">none yet</span>
          ) : (
            <b>{verdictWords[verdict]}</b>
          )}
        </p>
        {closeReason && (
          <p className="secondary">
            Closed as: <Hostile text={reasonText(closeReason)} />
          </p>
        )}
      </div>
      {children}
    </div>
  );
}

type Open = (alert: string, pointer: string) => void;

// Signed weight rows: what speaks for, what against.
export function Reasons({
  reasons,
  onOpen,
  most = 50,
}: {
  reasons: readonly Reason[];
  onOpen?: Open;
  most?: number;
}) {
  if (reasons.length === 0) return <p className="secondary">No reasons were given.</p>;
  const sorted = [...reasons].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, most);
  return (
    <ul className={css['reasons']}>
      {sorted.map((reason, i) => (
        <li key={i}>
          <Weight value={reason.weight} />
          <span>
            <Hostile text={reason.text} /> <Evidence evidence={reason.evidence} onOpen={onOpen} />
          </span>
        </li>
      ))}
    </ul>
  );
}

// Half of the scale fills the bar: single reasons seldom weigh more. What speaks against is hollow.
function Weight({ value }: { value: number }) {
  const width = Math.max(2, Math.min(1, Math.abs(value) * 2) * 47);
  const text = `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2).replace(/^0/, '')}`;
  return (
    <span className={css['weight']}>
      <svg width="48" height="9" aria-hidden>
        <rect x="0.5" y="0.5" width={width} height="8" className={value < 0 ? css['hollow'] : css['full']} />
      </svg>
      <span>{text}</span>
    </span>
  );
}

// A claim and what it rests on; without evidence it says that it is an inference.
export function Claim({ sentence, onOpen, most = 4 }: { sentence: Sentence; onOpen?: Open; most?: number }) {
  const inferred = sentence.evidence.length === 0 && !/^inference\b/i.test(sentence.text);
  return (
    <>
      {inferred && <span className="muted">Inference: </span>}
      <Hostile text={sentence.text} cap={800} />{' '}
      <Evidence evidence={sentence.evidence} onOpen={onOpen} most={most} />
    </>
  );
}

export function Evidence({
  evidence,
  onOpen,
  most = 6,
}: {
  evidence: readonly string[];
  onOpen?: Open;
  most?: number;
}) {
  if (evidence.length === 0) return null;
  const left = evidence.length - most;
  return (
    <>
      {evidence.slice(0, most).map((one) => (
        <EvidenceChip key={one} evidence={one} onOpen={onOpen} />
      ))}
      {left > 0 && <span className="muted">and {left} more</span>}
    </>
  );
}

export function Entities({ entities }: { entities: readonly (Entity & { alerts?: number })[] }) {
  if (entities.length === 0) return <p className="secondary">No user, host or address was found in it.</p>;
  const counted = entities.some((entity) => entity.alerts !== undefined);
  return (
    <div className={css['scroll']}>
      <table className={`${css['table']} ${css['entities']}`}>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Value</th>
            <th scope="col">Role</th>
            {counted && <th scope="col">Alerts</th>}
            <th scope="col">
              <span className="sr-only">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entities.map((entity, i) => (
            <tr key={`${entity.kind}${entity.value}${entity.role}${i}`}>
              <td>{kindWord(entity.kind)}</td>
              <td className={css['value']}>
                <Hostile text={entity.value} kind={entity.kind} mono />
              </td>
              <td className={`secondary ${css['role']}`}>{plain(entity.role)}</td>
              {counted && (
                <td>
                  {entity.alerts ?? '?'}
                  <span className={css['unit']}>{entity.alerts === 1 ? ' alert' : ' alerts'}</span>
                </td>
              )}
              <td className={css['acts']}>
                <Link to={alertsWhere(['entity', entity.value])}>Alerts with it</Link>
                <CopyButton
                  text={defangAs(entity.kind, entity.value)}
                  what={`this ${plain(entity.kind).toLowerCase()}, defanged`}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Iocs({ iocs }: { iocs: readonly Ioc[] }) {
  if (iocs.length === 0) return <p className="secondary">No public address, name or hash was found in it.</p>;
  const lines = iocs.map((ioc) => defangAs(ioc.kind, ioc.value)).join('\n');
  return (
    <>
      <div className={css['bar']}>
        <Button icon="copy" onClick={() => void copyText(lines, `${iocs.length} indicators, defanged`)}>
          Copy all, defanged
        </Button>
      </div>
      <div className={css['scroll']}>
        <table className={css['table']}>
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Indicator</th>
              <th scope="col">
                <span className="sr-only">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {iocs.map((ioc) => (
              <tr key={`${ioc.kind}${ioc.value}`}>
                <td>{kindWord(ioc.kind)}</td>
                <td>
                  <Hostile text={ioc.value} kind={ioc.kind} mono />
                </td>
                <td className={css['acts']}>
                  <CopyButton text={defangAs(ioc.kind, ioc.value)} what="this indicator, defanged" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export interface Seen {
  techniques: readonly string[];
  tactics: readonly string[];
}

// Seen techniques under their tactics. Columns with nothing are narrow but present.
export function AttackMatrix({ seen, counts }: { seen: Seen; counts?: ReadonlyMap<string, number> }) {
  const table = useAttackTable();
  if (seen.techniques.length === 0 && seen.tactics.length === 0)
    return <p className="secondary">No technique is known for it. That is not the same as none used.</p>;
  if (!table) return <p className="secondary">Reading the ATT&CK table.</p>;
  const placed = new Set<string>();
  const columns = table.tactics.map((tactic) => {
    const own = seen.techniques.filter((id) => table.techniques.get(id)?.tactics.includes(tactic.short));
    const here = own.filter(
      (id) => seen.tactics.length === 0 || seen.tactics.includes(tactic.id) || !placed.has(id),
    );
    for (const id of here) placed.add(id);
    return { ...tactic, here: seen.tactics.length === 0 || seen.tactics.includes(tactic.id) ? here : [] };
  });
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css['scroll']} tabIndex={0} role="region" aria-label="ATT&CK techniques seen, by tactic">
      <ol className={css['matrix']}>
        {columns.map((column) => {
          const active = column.here.length > 0 || seen.tactics.includes(column.id);
          return (
            <li key={column.id} className={active ? css['seen'] : css['narrow']}>
              <span className={css['tactic']} title={column.name}>
                {column.name}
              </span>
              {active && <span className="muted xs">{column.id}</span>}
              {column.here.map((id) => (
                <span key={id} className={css['cell']}>
                  <b>
                    {id}
                    {counts?.has(id) ? ` ×${counts.get(id)}` : ''}
                  </b>
                  <span>{table.techniques.get(id)?.name ?? 'name not known'}</span>
                </span>
              ))}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
