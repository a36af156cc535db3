import { fingerprintOf, type Identity, isPublicJwk } from '@lethe/sealing';
import { CliError } from '../errors/cli.error.js';
import { connectorsResponse } from '../registry/responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { Terminal } from '../terminal/terminal.js';
import type { KnownFingerprints } from './known-fingerprints.js';

/**
 * The connector keys that the user trusts for a registry: the pinned ones, or on first use the active ones, which are
 * shown and pinned. `accepted` is a fingerprint that the user compared over another channel; it replaces the pins.
 * @throws CliError `no_connector`, `fingerprint_wrong`, `fingerprint_changed`
 */
export async function trustedConnectors(
  client: RegistryClient,
  known: KnownFingerprints,
  terminal: Terminal,
  accepted: string | undefined,
): Promise<Identity[]> {
  const { url } = client.address;
  const active = (await fetchIdentities(client, terminal)).filter(({ state }) => state === 'active');
  const shown = active.map(({ fingerprint }) => fingerprint);
  if (shown.length === 0) throw new CliError('untrusted', 'no_connector', 'The registry has no connector key');
  if (accepted !== undefined && shown.includes(accepted)) await known.pin(url, [accepted]);
  const pinned = accepted === undefined ? await known.of(url) : [accepted];
  if (pinned.length === 0) {
    await known.pin(url, shown);
    terminal.note(
      `First use of ${url}: credentials are sealed with this key from now on, and no other is accepted there. To be sure that ` +
        'nobody is in between, compare it with what "lethe trust show" prints on the machine of that registry:',
    );
    for (const fingerprint of shown) terminal.note(`  ${fingerprint}`);
    return active;
  }
  const trusted = active.filter(({ fingerprint }) => pinned.includes(fingerprint));
  if (trusted.length === 0) throw changed(pinned, shown);
  return trusted;
}

async function fetchIdentities(client: RegistryClient, terminal: Terminal): Promise<Identity[]> {
  const { items } = await client.request(connectorsResponse, 'GET', '/connectors');
  if (items.length > 0 && items.every(({ connectors }) => connectors?.length === 0)) {
    terminal.note('Warning: no connector has announced itself within the last minute. One may not be running.');
  }
  return items.map(({ kid, fingerprint, jwk, state }) => {
    // Computed here and compared: the registry's own statement is not trusted.
    if (!isPublicJwk(jwk) || fingerprintOf(jwk) !== fingerprint) {
      throw new CliError('untrusted', 'fingerprint_wrong', "A connector's key does not match its fingerprint");
    }
    return { kid, fingerprint, jwk, state };
  });
}

function changed(pinned: readonly string[], shown: readonly string[]): CliError {
  return new CliError('untrusted', 'fingerprint_changed', "The key of this registry's connectors has changed", [
    'It was rotated, this is another installation, or your connection is being intercepted.',
    `known from before: ${pinned.join(', ')}`,
    `shown now: ${shown.join(', ')}`,
    'If "lethe trust show" on the machine of the registry prints the one shown now: --connector-fingerprint <fingerprint>',
  ]);
}
