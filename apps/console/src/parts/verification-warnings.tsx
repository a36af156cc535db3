import type { ReactNode } from 'react';
import type { Gateway } from '../api/gateways.js';
import { type Message, texts, useFormats } from '../text/text.js';
import { Notice } from '../ui/notice.js';
import styles from './verification-warnings.module.css';
import { ShownText } from './shown-text.js';
import { codeText } from './verification-outcome.js';

type Warning = Gateway['warnings'][number];

const WARNINGS = texts<Warning['code'] | 'title'>('warnings', {
  title: 'What the last verification noticed',
  era_failed: 'The {era} era could not be verified. Only the other one is served.',
  conditional_failed: 'Items for clients with certain capabilities may be missing in the {era} era.',
  era_empty: 'The upstream lists nothing in the {era} era. Only the other one is served.',
  catalogue_empty: 'The upstream lists nothing at all.',
  schema_held_back: 'A schema that clients can’t compile is held back; its tool is served.',
  schemas_unchecked: 'Some schemas were too long to check whether clients can compile them.',
  hidden_text: 'A text hides characters from people.',
  authorization_unknown: 'It is not known how people log in, or not at each authorization server.',
});

/** What a verification that succeeded has noticed; nothing if that is nothing. */
export function VerificationWarnings({ warnings }: { warnings: readonly Warning[] }): ReactNode {
  const { text } = useFormats();
  if (warnings.length === 0) return null;
  return (
    <Notice tone="warn" title={text(WARNINGS.title)}>
      <ul className={styles['list']}>
        {warnings.map((warning) => (
          <li key={JSON.stringify(warning)}>
            {text(WARNINGS[warning.code], { era: warning.era ?? '' })}
            <Why reason={codeText(warning.why)} />
            {(warning.name ?? warning.pointer) !== undefined && (
              <code className={styles['place']}>
                <ShownText content={warning.name ?? warning.pointer ?? ''} />
              </code>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Why({ reason }: { reason: Message | undefined }): ReactNode {
  const { text } = useFormats();
  return reason && ` ${text(reason)}`;
}
