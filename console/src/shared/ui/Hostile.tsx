// The one way by which attacker-written text reaches the screen.
import { defang, defangAs, kHostileCap, piecesOf } from '@/shared/text/hostile';
import css from './Hostile.module.css';

interface Props {
  text: string | null | undefined;
  mono?: boolean;
  kind?: string; // of an entity or indicator: defanged as that, else as free text
  cap?: number;
  lines?: boolean; // its line feeds and tabs are kept, where the place is a block of its own
}

export function Hostile({ text, mono = false, kind, cap = kHostileCap, lines = false }: Props) {
  if (text === null || text === undefined || text === '') return <span className="muted">none</span>;
  const safe = kind === undefined ? defang(text) : defangAs(kind, text);
  return (
    <bdi className={`${mono ? 'mono' : ''} ${lines ? css['lines'] : ''}`} translate="no">
      <Pieces text={safe} cap={cap} lines={lines} />
    </bdi>
  );
}

// A block of raw text: lines kept, nothing rendered, nothing linked.
export function MonoBlock({ text, label, cap = 200_000 }: { text: string; label: string; cap?: number }) {
  return (
    // A scrolling block must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={css['block']} tabIndex={0} role="region" aria-label={label} translate="no" dir="ltr">
      <Pieces text={text} cap={cap} lines />
    </pre>
  );
}

function Pieces({ text, cap, lines = false }: { text: string; cap: number; lines?: boolean }) {
  return piecesOf(text, cap, lines).map((piece, i) =>
    piece.marked ? (
      <span key={i} className={css['mark']}>
        {piece.text}
      </span>
    ) : (
      piece.text
    ),
  );
}
