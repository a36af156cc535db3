import { randomBytes } from 'node:crypto';
import type { ClaimSigner } from '@lethe/sealing';

/** The identity of this connector. Replicas share the signing key; each has its own id while it runs. */
export class ConnectorIdentity {
  /** Used as a token in bus subjects. */
  readonly id = randomBytes(8).toString('hex');

  constructor(readonly signer: ClaimSigner) {}
}
