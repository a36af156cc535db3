import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useFormats } from '../../text/text.js';
import styles from './palette.module.css';
import { PALETTE } from './texts.js';

const Palette = lazy(() => import('./palette.js').then((loaded) => ({ default: loaded.Palette })));
const IS_MAC = navigator.userAgent.includes('Mac');

/** Opens the palette, as Ctrl K and Cmd K do, unless another dialog is open. */
export function PaletteButton(): ReactNode {
  const { text } = useFormats();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      // The browser would go to its own search.
      event.preventDefault();
      if (document.querySelector('dialog[open]') === null) setOpen(true);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button type="button" className={styles['open']} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <span>{text(PALETTE.open)}</span>
        <kbd>{text(IS_MAC ? PALETTE.keysMac : PALETTE.keys)}</kbd>
      </button>
      {isOpen && (
        <Suspense>
          <Palette onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
