import { type CredentialFlags, chosenKind, differenceText, kindOfMappings } from '../credential/credential-kind.js';
import { KnownFingerprints } from '../credential/known-fingerprints.js';
import { obtainCredential } from '../credential/obtain-credential.js';
import { checkedOffer, daysUntil, sealForProxies } from '../credential/seal-for-proxies.js';
import { requireTrustedKey } from '../credential/trusted-kept-key.js';
import { closedProxies, unusableIn } from '../doctor/kept-checks.js';
import { CliError } from '../errors/cli.error.js';
import { findGateway } from '../registry/find-by-reference.js';
import { deletedResponse, keptOfferResponse } from '../registry/kept-responses.js';
import { statusResponse } from '../registry/inspection-responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { type GatewayResponse, gatewayResponse, serverResponse } from '../registry/responses.js';
import { askYes } from '../terminal/ask-yes.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CommonFlags, registryFor, type RunContext, servedSoon, terminalFor } from './run-context.js';

/** Flags of `lethe keep`. */
export interface KeepFlags extends CommonFlags, Omit<CredentialFlags, 'credential'> {
  until?: string;
  /** A fingerprint that the user compared over another channel. */
  keptFingerprint?: string;
}

/** Flags of `lethe forget`. */
export interface ForgetFlags extends CommonFlags {
  yes?: boolean;
}

/**
 * `lethe keep <gateway>`: seals a credential that proxies keep for the calls of a gateway. The one before serves until every
 * proxy has the new one. All that can fail comes before the question for the credential.
 */
export async function keepCredential(context: RunContext, reference: string, flags: KeepFlags): Promise<void> {
  const chosen = chosenKind({ ...flags, credential: true });
  const days = daysUntil(flags.until, new Date());
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const gateway = await findGateway(client, reference, '<gateway>');
  if (chosen === undefined && gateway.passthroughHeaders.some(({ scheme }) => scheme === 'dpop')) throw bound();
  const path = `/gateways/${gateway.id}/kept-credential`;
  const shown = await client.request(keptOfferResponse, 'GET', path);
  const offer = await checkedOffer(shown, gateway, new Date());
  const { fingerprint } = offer;
  const known = new KnownFingerprints(context.settings.knownKeptKeysFile);
  await requireTrustedKey(known, terminal, {
    ...{ registryUrl: client.address.url, fingerprint, accepted: flags.keptFingerprint },
  });
  if (shown.kept)
    terminal.note(`It takes the place of the one that ${shown.kept.by.name} kept until ${shown.kept.until}.`);
  const kind = chosen ?? kindOfMappings(gateway.passthroughHeaders);
  const difference = differenceText(kind, gateway.passthroughHeaders, ['The kept credential sends', 'callers send']);
  if (difference) terminal.note(`Warning: ${difference}. The upstream may reject it.`);
  const recipient = `${gateway.slug}: ${gateway.url}`;
  const credential = await obtainCredential(terminal, { kind, recipient, isFromStdin: flags.credentialStdin === true });
  if (credential.scheme === 'none') throw new CliError('usage', 'credential_malformed', 'There is nothing to keep');
  const sealed = await sealForProxies(offer, credential, new Date(), days);
  const options = { sealed, ...servedSoon(terminal) };
  const { kept } = await client.request(gatewayResponse, 'PUT', path, options);
  terminal.print(`A credential is kept for ${gateway.slug}, until ${kept?.until ?? 'it is forgotten'}.`);
  terminal.print(`  sealed for  ${gateway.url}`);
  terminal.print(`  sealed to   ${fingerprint} (the key of the proxies)`);
  if (credential.scheme === 'oauth_client_credentials')
    terminal.print(`  token from  ${credential.tokenUrl} (proxies ask it)`);
  terminal.note(`It was not tried: the first call tells whether ${gateway.slug} accepts it.`);
  await noteUnused(client, terminal, { ...gateway, kept });
  terminal.printJson({ gateway: { id: gateway.id, slug: gateway.slug, url: gateway.url }, kept, fingerprint });
}

/** `lethe forget <gateway>`: deletes what is kept for it, after a question. */
export async function forgetCredential(context: RunContext, reference: string, flags: ForgetFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { id, slug, kept } = await findGateway(client, reference, '<gateway>');
  if (!kept) {
    terminal.print(`Nothing is kept for ${slug}.`);
    return terminal.printJson({ gateway: { id, slug }, forgot: false });
  }
  if (flags.yes !== true) await askYes(terminal, `Forget the credential that is kept for ${slug}?`);
  const soon = servedSoon(terminal);
  let isEverywhere = true;
  const onLate = (hosts: string | undefined): void => {
    isEverywhere = false;
    soon.onLate(hosts);
  };
  const { forgotten } = await client.request(deletedResponse, 'DELETE', `/gateways/${id}/kept-credential`, {
    ...{ ...soon, onLate },
  });
  terminal.print(`Forgot the credential that was kept for ${slug}.`);
  if (forgotten) {
    terminal.print(`  deleted   ${forgotten.at}, by ${forgotten.by.name} (revision ${forgotten.keptRevision})`);
    terminal.print(`  receipt   ${forgotten.receipt}`);
  }
  if (isEverywhere) terminal.print('  proxies   every proxy that is known has dropped it');
  terminal.note('Backups may have it as ciphertext: to end it for good, end it at the upstream.');
  return terminal.printJson({ gateway: { id, slug }, forgot: true, isEverywhere, ...forgotten });
}

/** A credential that nobody uses is a risk without a use. */
async function noteUnused(client: RegistryClient, terminal: Terminal, gateway: GatewayResponse): Promise<void> {
  const { slug } = gateway;
  for (const { text, todo } of closedProxies(await client.request(statusResponse, 'GET', '/status'), [gateway]))
    terminal.note(`Warning: ${text}. ${todo}`);
  const servers = await client.list(serverResponse, '/servers', { gateway: slug });
  const using = servers.filter(({ credentials }) => credentials?.some((each) => each.gateway === slug));
  if (using.length === 0) {
    terminal.note(
      `No virtual server uses it yet: lethe edit <server> --credentials ${slug}=callers-then-kept, with a grant that names ${slug}, ` +
        'for a role other than *.',
    );
  }
  const ofOne = using.map(({ credentials, ...server }) => ({
    ...server,
    credentials: credentials?.filter((each) => each.gateway === slug),
  }));
  for (const { text, todo } of ofOne.flatMap((server) => unusableIn(server, [gateway])))
    terminal.note(`${text}. To do: ${todo}`);
}

function bound(): CliError {
  return new CliError('usage', 'credential_kind', 'Callers send tokens that are bound to their keys (DPoP), and nobody could sign for a kept one', [
    'If the upstream takes an unbound credential too, name its kind: --bearer, --basic, --header or --query',
  ]);
} // prettier-ignore
