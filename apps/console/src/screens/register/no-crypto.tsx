import type { ReactNode } from 'react';
import type { MissingCrypto } from '../../sealing/browser-crypto.js';
import { useFormats } from '../../text/text.js';
import { Code } from '../../ui/code.js';
import { Notice } from '../../ui/notice.js';
import type { Mapping } from './credential-parts.js';
import { CREDENTIAL } from './credential-texts.js';
import styles from './register.module.css';
import { REGISTER } from './texts.js';

interface NoCryptoProps {
  why: MissingCrypto;
  slug: string;
  mappings: readonly Mapping[];
}

/** This page can not seal. The command can; there is no field for a credential in clear. */
export function NoCrypto({ why, slug, mappings }: NoCryptoProps): ReactNode {
  const { text } = useFormats();
  const command = `lethe verify ${slug}${mappings.length === 0 ? ' --no-credential' : ''}`;
  return (
    <Notice tone="bad" title={text(CREDENTIAL.insecureTitle)}>
      <div className={styles['stack']}>
        <p>{text(CREDENTIAL[why])}</p>
        <Code label={text(REGISTER.command)} content={command} />
      </div>
    </Notice>
  );
}
