import type { ReactNode } from 'react';
import type { Probe } from '../../api/registration.js';
import { useFormats } from '../../text/text.js';
import { Code } from '../../ui/code.js';
import { Notice } from '../../ui/notice.js';
import { Facts } from '../../ui/page.js';
import styles from './register.module.css';
import { REGISTER } from './texts.js';

interface OAuthProps {
  url: string;
  authorization: NonNullable<Probe['authorization']>;
}

/** Where people log in for an upstream, with which scopes, and the command that signs in for the verification. */
export function OAuthNotice({ url, authorization }: OAuthProps): ReactNode {
  const { text } = useFormats();
  const issuers = authorization.servers.map(({ issuer, isConfirmed }) =>
    isConfirmed ? issuer : text(REGISTER.unconfirmed, { issuer }),
  );
  if (issuers.length === 0) return null;
  return (
    <Notice title={text(REGISTER.oauth)}>
      <div className={styles['stack']}>
        <Facts
          facts={[
            [text(REGISTER.factIssuer), issuers.join(', ')],
            [text(REGISTER.factScopes), authorization.scopes?.join(' ')],
          ]}
        />
        <p>{text(REGISTER.oauthText)}</p>
        <Code label={text(REGISTER.command)} content={`lethe add ${shellWord(url)} --name '<name>' --oauth`} />
      </div>
    </Notice>
  );
}

/** A text as one word of a shell. */
function shellWord(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
