import type { ReactNode } from 'react';
import type { ConnectorKey } from '../../sealing/connector-key.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Code } from '../../ui/code.js';
import { Notice } from '../../ui/notice.js';
import { Facts } from '../../ui/page.js';
import { CREDENTIAL } from './credential-texts.js';
import styles from './register.module.css';
import { TRUST_COMMAND } from './slot-facts.js';

interface ChangedProps {
  known: string[];
  shown: ConnectorKey[];
  onCompared: (keys: ConnectorKey[]) => Promise<void>;
}

/** The connectors' keys are not those of before: nothing is sealed until the person has compared them. */
export function ChangedKeys({ known, shown, onCompared }: ChangedProps): ReactNode {
  const { text } = useFormats();
  return (
    <Notice tone="bad" title={text(CREDENTIAL.changedTitle)}>
      <div className={styles['stack']}>
        <p>{text(CREDENTIAL.changed)}</p>
        <Code label={text(CREDENTIAL.key)} content={TRUST_COMMAND} />
        <Facts
          facts={[
            [text(CREDENTIAL.changedKnown), <Words key="known" words={known} />],
            [text(CREDENTIAL.changedShown), <Words key="shown" words={shown.map(({ fingerprint }) => fingerprint)} />],
          ]}
        />
        <div>
          <Button look="danger" onClick={() => void onCompared(shown)}>
            {text(CREDENTIAL.compared)}
          </Button>
        </div>
      </div>
    </Notice>
  );
}

function Words({ words }: { words: readonly string[] }): ReactNode {
  return (
    <>
      {words.map((word) => (
        <p key={word} className={styles['word']}>
          {word}
        </p>
      ))}
    </>
  );
}
