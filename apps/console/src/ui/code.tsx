import { type ReactNode, useState } from 'react';
import { useFormats } from '../text/text.js';
import { Button } from './button.js';
import styles from './code.module.css';
import { UI } from './texts.js';

/** Copies a text to the clipboard, and says that it did. */
export function CopyButton({ content, label }: { content: string; label?: string }): ReactNode {
  const { text } = useFormats();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(content);
    setCopied(true);
  };
  return (
    <Button isSmall onClick={() => void copy()} onBlur={() => setCopied(false)}>
      <span aria-live="polite">{isCopied ? text(UI.copied) : (label ?? text(UI.copy))}</span>
    </Button>
  );
}

/** A text to read or copy as it is: configuration, JSON, a command. */
export function Code({ content, label }: { content: string; label: string }): ReactNode {
  return (
    <div className={styles['code']}>
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{content}</code>
      </pre>
      <CopyButton content={content} />
    </div>
  );
}
