import { randomBytes } from 'node:crypto';
import type { ClaimSigner } from '@lethe/sealing';

/** Who this connector is: replicas share the signing key, each has an id of its own for as long as it runs. */
export class ConnectorIdentity {
  /** A token of bus subjects. */
  readonly id = randomBytes(8).toString('hex');

  constructor(readonly signer: ClaimSigner) {}
}
