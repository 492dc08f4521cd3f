// A modal on the platform's own <dialog>: focus is kept inside, Escape closes, focus goes back.
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { IconButton } from './basics';
import css from './Dialog.module.css';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
  onKey?: (event: KeyboardEvent) => void; // of anything inside
  bare?: boolean; // without a visible head, for the palette
}

export function Dialog({ title, onClose, children, wide = false, bare = false, onKey }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // The backdrop's click is a convenience; Escape and the button do the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={element}
      aria-label={title}
      className={`${css['dialog']} ${wide ? css['wide'] : ''} ${bare ? css['bare'] : ''}`}
      onKeyDown={onKey}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className={css['inside']}>
        {!bare && (
          <div className={css['head']}>
            <h2>{title}</h2>
            <IconButton icon="close" label="Close (Esc)" onClick={onClose} />
          </div>
        )}
        {children}
      </div>
    </dialog>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={css['actions']}>{children}</div>;
}
