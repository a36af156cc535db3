import type { ReactNode } from 'react';
import type { Configuration } from '../../api/connect.js';
import { useFormats } from '../../text/text.js';
import { AddressButton } from '../../ui/button.js';
import { Code } from '../../ui/code.js';
import { Facts } from '../../ui/page.js';
import styles from './connect.module.css';
import { CONNECT } from './texts.js';

/** What to do at the client: open an address, run a command, or write a file. None of it has a secret. */
export function ConfigurationStep({ content: shown }: { content: Configuration }): ReactNode {
  const { text } = useFormats();
  const { name, link, command, content, file, format, variables, notes } = shown;
  const isFirst = link === undefined && command === undefined;
  const fileTitle = format === 'sh' ? CONNECT.shell : isFirst ? CONNECT.file : CONNECT.orFile;
  return (
    <>
      {link !== undefined && (
        <div className={styles['part']}>
          <div>
            <AddressButton look="primary" href={link}>
              {text(CONNECT.open, { client: name })}
            </AddressButton>
          </div>
          <p className={styles['hint']}>{text(CONNECT.openHint)}</p>
        </div>
      )}
      {command !== undefined && (
        <div className={styles['part']}>
          <h3>{text(link === undefined ? CONNECT.command : CONNECT.orCommand)}</h3>
          <Code content={command} label={text(CONNECT.commandLabel, { client: name })} />
        </div>
      )}
      <div className={styles['part']}>
        <h3>{text(fileTitle, { file })}</h3>
        <Code content={content} label={text(CONNECT.content, { client: name })} />
      </div>
      {variables.length > 0 && (
        <div className={styles['part']}>
          <h3>{text(CONNECT.variables)}</h3>
          <Facts facts={variables.map((variable) => [variable.name, variable.holds] as const)} />
        </div>
      )}
      {notes.length > 0 && (
        <div className={styles['part']}>
          <h3>{text(CONNECT.notes)}</h3>
          <ul className={styles['notes']}>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
