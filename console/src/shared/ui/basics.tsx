// Small parts that every screen is made of.
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link } from 'react-router';
import { shortId } from '@/shared/api/wire';
import { may, type Verb } from '@/shared/session';
import { toast } from './toasts';
import { Icon, type IconName } from './icons';
import css from './basics.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'plain' | 'primary' | 'danger' | 'ghost';
  keys?: string;
  icon?: IconName;
  needs?: Verb; // who has it not is not shown the button
}

export function Button({ look = 'plain', keys, icon, needs, children, className, ...rest }: ButtonProps) {
  if (needs && !may(needs)) return null;
  return (
    <button type="button" className={`${css['button']} ${css[look]} ${className ?? ''}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
      {keys && <kbd className={css['kbd']}>{keys}</kbd>}
    </button>
  );
}

// Only close, menu, copy and pin may stand without a visible word.
export function IconButton({
  icon,
  label,
  ...rest
}: { icon: IconName; label: string } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" className={css['iconButton']} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className={css['kbd']}>{children}</kbd>;
}

// "AL-7F2 /entities/0": opens the raw field, beside what it proves.
export function EvidenceChip({
  evidence,
  onOpen,
}: {
  evidence: string;
  onOpen?: (alert: string, pointer: string) => void;
}) {
  const [id = '', pointer = ''] = evidence.split('#', 2);
  const label = `${shortId(id)}${pointer ? ` ${pointer.replace(/^\//, '').replace(/\//g, '.')}` : ''}`;
  if (!onOpen || !id.startsWith('AL-'))
    return (
      <Link
        className={css['chip']}
        to={`/go/${encodeURIComponent(id)}${pointer ? `?at=${encodeURIComponent(pointer)}` : ''}`}
        title={evidence}
      >
        {label}
      </Link>
    );
  return (
    <button
      type="button"
      className={css['chip']}
      title={evidence}
      onClick={() => {
        onOpen(id, pointer);
      }}
    >
      {label}
    </button>
  );
}

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast({ text: `Copied ${what}.` });
  } catch {
    toast({ text: `The browser did not allow copying ${what}.` });
  }
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  return <IconButton icon="copy" label={`Copy ${what}`} onClick={() => void copyText(text, what)} />;
}

export function Panel({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={css['panel']} aria-label={title}>
      <div className={css['panelHead']}>
        <h3>{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}

// Name and value lines, aligned.
export function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={css['facts']}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
