import { fingerprintOf, type Identity, isPublicJwk } from '@lethe/sealing';
import { CliError } from '../cli.error.js';
import { connectorsAnswer } from '../registry/answers.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { Terminal } from '../terminal/terminal.js';
import type { KnownConnectors } from './known-connectors.js';

/**
 * The connector keys that this person trusts for a registry: pinned ones, or on first use the active ones, which are shown
 * and pinned. `accepted` is a fingerprint that the person compared by another way; it replaces the pins.
 */
export async function trustedConnectors(
  client: RegistryClient,
  known: KnownConnectors,
  terminal: Terminal,
  accepted: string | undefined,
): Promise<Identity[]> {
  const { url } = client.address;
  const active = (await fetchIdentities(client)).filter(({ state }) => state === 'active');
  const shown = active.map(({ fingerprint }) => fingerprint);
  if (shown.length === 0) throw new CliError('untrusted', 'no_connector', 'The registry names no connector key');
  if (accepted !== undefined && shown.includes(accepted)) await known.pin(url, [accepted]);
  const pinned = accepted === undefined ? await known.of(url) : [accepted];
  if (pinned.length === 0) {
    await known.pin(url, shown);
    terminal.note(`First use of ${url}: its connectors' key is now pinned. Compare it with "lethe trust show" there:`);
    for (const fingerprint of shown) terminal.note(`  ${fingerprint}`);
    return active;
  }
  const trusted = active.filter(({ fingerprint }) => pinned.includes(fingerprint));
  if (trusted.length === 0) throw changed(pinned, shown);
  return trusted;
}

async function fetchIdentities(client: RegistryClient): Promise<Identity[]> {
  const { items } = await client.ask(connectorsAnswer, 'GET', '/connectors');
  return items.map(({ kid, fingerprint, jwk, state }) => {
    // The fingerprint is computed here: what the registry says of a key is compared, not believed.
    if (!isPublicJwk(jwk) || fingerprintOf(jwk) !== fingerprint) {
      throw new CliError(
        'untrusted',
        'fingerprint_wrong',
        "A connector's key does not have the fingerprint it is shown with",
      );
    }
    return { kid, fingerprint, jwk, state };
  });
}

function changed(pinned: readonly string[], shown: readonly string[]): CliError {
  return new CliError(
    'untrusted',
    'fingerprint_changed',
    "The key of this registry's connectors is not the pinned one",
    [
      'Either it was rotated or the installation is another, or somebody is between you and the connectors.',
      `pinned: ${pinned.join(', ')}`,
      `shown:  ${shown.join(', ')}`,
      'When you have compared the shown one by another way: --connector-fingerprint <fingerprint>',
    ],
  );
}
