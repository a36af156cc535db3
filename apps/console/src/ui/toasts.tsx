import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { useFormats } from '../text/text.js';
import { Button } from './button.js';
import { useErrorText } from './states.js';
import { UI } from './texts.js';
import styles from './toasts.module.css';

interface Toast {
  id: number;
  text: string;
  isBad: boolean;
  undo: (() => Promise<unknown>) | undefined;
}

/** Tells what was done, or what went wrong. */
export interface Toasts {
  /** @param undo takes it back; the button stays until it is dismissed, as long as there is no newer change */
  done: (text: string, undo?: () => Promise<unknown>) => void;
  failed: (error: unknown) => void;
}

const ToastContext = createContext<Toasts | undefined>(undefined);

/** Where to tell what was done. */
export function useToasts(): Toasts {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error('Render it in <ToastRegion>');
  return toasts;
}

/** Most messages in sight at the same time. */
const MOST = 3;

/** Shows messages in the corner, and tells them to screen readers. They stay until dismissed: nobody reads under a clock. */
export function ToastRegion({ children }: { children: ReactNode }): ReactNode {
  const { text } = useFormats();
  const errorText = useErrorText();
  const nextId = useRef(1);
  const [shown, setShown] = useState<Toast[]>([]);
  const add = useCallback((toast: Omit<Toast, 'id'>) => {
    setShown((before) => [...before, { ...toast, id: nextId.current++ }].slice(-MOST));
  }, []);
  const dismiss = (id: number): void => setShown((before) => before.filter((toast) => toast.id !== id));
  const toasts = useMemo<Toasts>(
    () => ({
      done: (said, undo) => add({ text: said, isBad: false, undo }),
      failed: (error) => add({ text: errorText(error), isBad: true, undo: undefined }),
    }),
    [add, errorText],
  );
  const undo = (toast: Toast): void => {
    dismiss(toast.id);
    toast.undo?.().then(() => toasts.done(text(UI.undone)), toasts.failed);
  };
  return (
    <ToastContext value={toasts}>
      {children}
      <div className={styles['region']} role="region" aria-label={text(UI.notifications)} aria-live="polite">
        {shown.map((toast) => (
          <div key={toast.id} className={`${styles['toast'] ?? ''} ${toast.isBad ? (styles['bad'] ?? '') : ''}`}>
            <span>{toast.text}</span>
            {toast.undo && (
              <Button isSmall onClick={() => undo(toast)}>
                {text(UI.undo)}
              </Button>
            )}
            <Button look="quiet" isSmall onClick={() => dismiss(toast.id)}>
              {text(UI.dismiss)}
            </Button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
