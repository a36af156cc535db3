import { type ReactNode, useEffect, useRef } from 'react';
import { texts, useFormats } from '../text/text.js';
import { Button } from '../ui/button.js';
import { Code } from '../ui/code.js';
import { Notice } from '../ui/notice.js';
import styles from './secret-once.module.css';

const SECRET = texts('secretOnce', {
  title: 'Store this key now',
  once: 'It is shown this once. The registry keeps only a seal by which proxies recognise it, so nobody can show it again.',
  label: 'The key',
  tokenTitle: 'Store this token now',
  tokenOnce:
    'It is shown this once. The registry keeps only a seal by which it recognises it, so nobody can show it again.',
  tokenLabel: 'The token',
  tokenLeaving: 'The token is still in sight. Once it is closed, it can only be replaced by another one.',
  variable: 'The key, as the value of {variable}',
  shell: 'For a terminal: this asks for the value, and leaves none of it in the history of the shell.',
  command: 'Command that reads the value into {variable}',
  stored: 'I have stored it',
  leaving: 'The key is still in sight. Once it is closed, it can only be replaced by another one.',
});

const WORDS = {
  key: { title: SECRET.title, once: SECRET.once, label: SECRET.label, leaving: SECRET.leaving },
  token: { title: SECRET.tokenTitle, once: SECRET.tokenOnce, label: SECRET.tokenLabel, leaving: SECRET.tokenLeaving },
};

interface SecretOnceProps {
  issued: { key: string };
  /** A caller's key, or an administrator's token. */
  kind?: 'key' | 'token';
  /** The environment variable that a client's configuration refers to. */
  variable?: string | undefined;
  /** Somebody has tried to close it. */
  isLeaving?: boolean;
  /** It can be forgotten. */
  onStored: () => void;
}

/** A key or token in clear, until the person says that it is stored. */
export function SecretOnce({
  issued,
  kind = 'key',
  variable,
  isLeaving = false,
  onStored,
}: SecretOnceProps): ReactNode {
  const { text } = useFormats();
  const words = WORDS[kind];
  const start = useRef<HTMLDivElement>(null);
  useEffect(() => start.current?.focus(), []);
  return (
    <div ref={start} tabIndex={-1} className={styles['secret']} role="group" aria-label={text(words.title)}>
      <Notice tone="warn" title={text(words.title)}>
        <p>{text(words.once)}</p>
      </Notice>
      <Code
        content={issued.key}
        label={variable === undefined ? text(words.label) : text(SECRET.variable, { variable })}
      />
      {variable !== undefined && (
        <>
          <p className={styles['hint']}>{text(SECRET.shell)}</p>
          <Code content={`read -rs ${variable} && export ${variable}`} label={text(SECRET.command, { variable })} />
        </>
      )}
      {isLeaving && <Notice tone="bad">{text(words.leaving)}</Notice>}
      <div>
        <Button look="primary" onClick={onStored}>
          {text(SECRET.stored)}
        </Button>
      </div>
    </div>
  );
}
