import { readConnectors } from '../api/connectors.js';
import { activeKeys } from './connector-key.js';
import { type Trusted, trustedKeys } from './known-fingerprints.js';

/**
 * The connectors' keys that this browser trusts for the registry, read anew each time.
 * @throws SealingRefused `fingerprint_wrong`, `no_connector`; Problem; Unreachable
 */
export async function readTrusted(): Promise<Trusted> {
  return trustedKeys(await activeKeys(await readConnectors()));
}
