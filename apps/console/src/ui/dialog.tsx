import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useFormats } from '../text/text.js';
import { Button } from './button.js';
import styles from './dialog.module.css';
import { UI } from './texts.js';

interface DialogProps {
  title: string;
  /** The dialog was closed, by Escape or a button. */
  onClose: () => void;
  actions?: ReactNode;
  children: ReactNode;
}

/** A modal dialog: the browser's own, so focus, Escape and what lies behind are as everywhere. It is open while it is rendered. */
export function Dialog({ title, onClose, actions, children }: DialogProps): ReactNode {
  const { text } = useFormats();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles['dialog']}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={(event) => {
        // A second Escape closes it without asking. What is rendered is open, so that nothing in it is lost.
        event.currentTarget.showModal();
        onClose();
      }}
    >
      <div className={styles['inner']}>
        <div className={styles['head']}>
          <h2 id={heading}>{title}</h2>
          <Button look="quiet" isSmall onClick={onClose}>
            {text(UI.close)}
          </Button>
        </div>
        {children}
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
    </dialog>
  );
}
