// Severity: shape, word and weight before colour. The glyphs are told apart at one bit.
import { plain } from '@/shared/text/words';
import css from './Severity.module.css';

export function SeverityGlyph({ severity }: { severity: string }) {
  return (
    <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden className={css['glyph']}>
      {shapes[severity] ?? shapes['info']}
    </svg>
  );
}

const shapes: Record<string, React.ReactNode> = {
  critical: (
    <>
      <path d="M4.4.8h5.2l3.6 3.6v5.2l-3.6 3.6H4.4L.8 9.6V4.4z" fill="currentColor" />
      <path d="M7 3.4v4.4M7 9.6v1.2" stroke="var(--bang)" strokeWidth="1.6" />
    </>
  ),
  high: <path d="M7 1.2 13.4 12.6H.6z" fill="currentColor" />,
  medium: <rect x="1.5" y="1.5" width="11" height="11" rx="1" fill="currentColor" />,
  low: (
    <>
      <circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M7 1.4a5.6 5.6 0 0 0 0 11.2z" fill="currentColor" />
    </>
  ),
  info: <circle cx="7" cy="7" r="5.4" fill="none" stroke="currentColor" strokeWidth="1.8" />,
};

// `dot`: the glyph alone, its word kept for those who listen.
export function SeverityMark({ severity, dot = false }: { severity: string; dot?: boolean }) {
  return (
    <span className={`${css['mark']} ${css[severity] ?? ''} ${dot ? css['dot'] : ''}`}>
      <SeverityGlyph severity={severity} />
      <span className={dot ? 'sr-only' : css['word']}>{plain(severity)}</span>
    </span>
  );
}

export function Priority({ value }: { value: number }) {
  return (
    <span className={css['priority']}>
      <span>{value}</span>
      <svg width="40" height="4" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
        <rect width="100" height="4" className={css['track']} />
        <rect width={Math.max(0, Math.min(100, value))} height="4" className={css['fill']} />
      </svg>
    </span>
  );
}
