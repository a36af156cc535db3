import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { Code } from '../../ui/code.js';
import { Notice } from '../../ui/notice.js';
import { CREDENTIAL } from './credential-texts.js';
import { FingerprintShown } from './fingerprint-shown.js';
import type { OpenSlot } from './use-verification.js';

/** Prints the connectors' fingerprints on the machine of the registry. */
export const TRUST_COMMAND = 'lethe trust show';

/** That an offer was checked, and whose key signed it. */
export function SlotFacts({ slot }: { slot: OpenSlot }): ReactNode {
  const { text } = useFormats();
  const { fingerprint, isFirstUse } = slot;
  return (
    <>
      <Notice tone="good">
        <p>{text(CREDENTIAL.offerGood)}</p>
        <FingerprintShown fingerprint={fingerprint} />
      </Notice>
      {isFirstUse && (
        <Notice tone="warn">
          <p>{text(CREDENTIAL.firstUse)}</p>
          <Code label={text(CREDENTIAL.key)} content={TRUST_COMMAND} />
        </Notice>
      )}
    </>
  );
}
