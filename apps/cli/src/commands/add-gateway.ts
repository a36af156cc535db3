import type { ItemGlob } from '../command-line/curation-values.js';
import { CliError } from '../errors/cli.error.js';
import { mappingsOf, requireKind } from '../credential/credential-kind.js';
import { findByUrl } from '../registry/find-by-reference.js';
import { type GatewayResponse, gatewayResponse } from '../registry/responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { interruptible } from './interrupt.js';
import { neededHeaders } from '@lethe/mcp';
import { headerRows } from './header-rows.js';
import { type LoginClientFlags, loginClientOf } from './login-client.js';
import { withCredential } from './one-time-login.js';
import { registryFor, type RunContext, terminalFor } from './run-context.js';
import { columns } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { connectorsFor, type VerifyFlags, verifyWith, withNote } from './verify-gateway.js';

/** Flags of `lethe add`. */
export interface AddFlags extends VerifyFlags, LoginClientFlags {
  name: string;
  slug?: string;
  description?: string;
  tag?: string[];
  itemTag?: (ItemGlob & { tags: string[] })[];
  trustHints?: boolean;
}

/**
 * `lethe add <url>`: registers an upstream and verifies it. Everything that can fail before comes first: the
 * registry, its connectors, and the credential. If the verification fails, the registration is taken back. `url` is
 * canonical.
 */
export async function addGateway(context: RunContext, url: string, flags: AddFlags): Promise<void> {
  const kind = requireKind(flags);
  const metadata = metadataOf(flags);
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const trusted = await connectorsFor(context, client, terminal, flags);
  if (flags.slug === undefined) await refuseSecond(client, url);
  const body = { ...metadata, url, passthroughHeaders: mappingsOf(kind) };
  const { oauthClient } = loginClientOf(flags);
  await withCredential(
    context,
    { client, terminal, kind, url, recipient: url, oauthClient, flags },
    async (credential) => {
      const ready = { client, terminal, credential, trusted };
      await interruptible(async (signal) => {
        const gateway = await client.request(gatewayResponse, 'POST', '/gateways', { body });
        terminal.note(`Registered ${gateway.slug}. It is published after it is verified.`);
        const { verification } = await verifyWith(ready, gateway, url, signal).catch(async (error: unknown) => {
          throw withNote(error, await takenBack(client, gateway));
        });
        printNext(terminal, gateway, !verification.review);
      });
    },
  );
}

function metadataOf(flags: AddFlags): object {
  const { name, slug, description, tag: tags, itemTag: itemTags, trustHints } = flags;
  return {
    name,
    ...(slug && { slug }),
    ...(description && { description }),
    ...(tags && { tags }),
    ...(itemTags && { itemTags }),
    ...(trustHints && { trustHints }),
    ...loginClientOf(flags),
  };
}

/** A second registration is hardly ever meant; with a slug of its own it is. */
async function refuseSecond(client: RegistryClient, url: string): Promise<void> {
  const first = await findByUrl(client, url);
  if (first === undefined) return;
  throw new CliError('refused', 'gateway_exists', `This URL is registered already, as ${first.slug}`, [
    `To verify it again: lethe verify ${first.slug}`,
    'To register it once more, name the new gateway: --slug <slug>',
  ]);
}

/** Deletes the gateway that this run registered. Says what is left. */
async function takenBack(client: RegistryClient, { id, slug }: GatewayResponse): Promise<string> {
  try {
    await client.send('DELETE', `/gateways/${encodeURIComponent(id)}`);
    return 'The registration was taken back; it can be added again.';
  } catch {
    return `The gateway stays registered. To go on: lethe verify ${slug}; to remove it: lethe rm ${slug}`;
  }
}

function printNext(terminal: Terminal, gateway: GatewayResponse, isServable: boolean): void {
  const headers = neededHeaders([gateway], {});
  if (headers.length > 0) terminal.print('Headers that a client sends for it, besides its key:');
  for (const line of columns(headerRows(headers))) terminal.print(line);
  if (headers.length > 0) terminal.note(`Or one for all whom a grant names: lethe keep ${gateway.slug}`);
  if (isServable) terminal.print(`To serve it: lethe serve ${gateway.slug} --from ${gateway.slug}`);
}
