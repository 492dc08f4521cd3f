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
  stays?: boolean; // only a button of its content closes it
}

export function Dialog({
  title,
  onClose,
  children,
  wide = false,
  bare = false,
  stays = false,
  onKey,
}: Props) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    const leave = focusWhatComes(element.current);
    return () => {
      leave();
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
      onKeyDown={(event) => {
        // Else the browser closes on a second Escape, and a click before it is shown again goes to what lies below.
        if (stays && event.key === 'Escape') event.preventDefault();
        onKey?.(event);
      }}
      onCancel={(event) => {
        event.preventDefault();
        if (!stays) onClose();
      }}
      onClose={() => {
        // Closed by other means than a key, such as the gesture back of a phone.
        if (stays) element.current?.showModal();
      }}
      onClick={(event) => {
        if (event.target === element.current && !stays) onClose();
      }}
    >
      <div className={css['inside']}>
        {!bare && (
          <div className={css['head']}>
            <h2>{title}</h2>
            {!stays && <IconButton icon="close" label="Close (Esc)" onClick={onClose} />}
          </div>
        )}
        {children}
      </div>
    </dialog>
  );
}

// What is shown later, in the place of what had the focus, may want it, too.
function focusWhatComes(dialog: HTMLElement | null): () => void {
  const observer = new MutationObserver((changes) => {
    const added = changes
      .flatMap((change) => [...change.addedNodes])
      .filter((node) => node instanceof Element);
    const wants = added.flatMap((node) => [node, ...node.querySelectorAll('[data-autofocus]')]);
    const first = wants.find((node) => node.matches('[data-autofocus]'));
    if (first instanceof HTMLElement) first.focus();
  });
  if (dialog) observer.observe(dialog, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
  };
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={css['actions']}>{children}</div>;
}
