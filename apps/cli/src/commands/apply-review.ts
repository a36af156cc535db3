import type { JsonValue } from '@lethe/contracts';
import { hiddenTexts } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { findGateway } from '../registry/find-by-reference.js';
import type { RegistryClient } from '../registry/registry-client.js';
import {
  type GatewayResponse,
  itemResponse,
  type ItemResponse,
  serverResponse,
  type VerificationResponse,
  verificationResponse,
} from '../registry/responses.js';
import type { Terminal } from '../terminal/terminal.js';
import { reviewReasonText } from '../verification/review-text.js';
import { warningText } from '../verification/warning-text.js';
import { gatewaysOf } from './make-key.js';
import { noteWarnings } from './print-server.js';
import { type CommonFlags, registryFor, type RunContext, servedSoon, terminalFor } from './run-context.js';

/** Flags of `lethe apply`. */
export interface ApplyFlags extends CommonFlags {
  yes?: boolean;
}

/**
 * `lethe apply <gateway>`: shows the result that waits for a review, with hidden characters as escapes. With `--yes` it
 * serves from then on.
 */
export async function applyReview(context: RunContext, reference: string, flags: ApplyFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const gateway = await findGateway(client, reference, '<gateway>');
  const waiting = gateway.reviewVerification;
  if (!waiting) throw new CliError('refused', 'nothing_to_apply', `Nothing of ${gateway.slug} waits for a review`);
  const path = `/gateways/${gateway.id}/verifications/${waiting}`;
  const verification = await client.request(verificationResponse, 'GET', path);
  if (flags.yes === true) {
    const applied = await client.request(verificationResponse, 'POST', `${path}/apply`, servedSoon(terminal));
    terminal.print(`${gateway.slug} serves what was reviewed.`);
    await noteServers(client, terminal, gateway);
    terminal.printJson({ gateway: { id: gateway.id, slug: gateway.slug }, verification: applied });
    return;
  }
  const items = await client.list(itemResponse, `${path}/items`);
  showResult(terminal, gateway.slug, verification, items);
  terminal.printJson({ gateway: { id: gateway.id, slug: gateway.slug }, verification, items });
}

/** What to know about the virtual servers of a gateway. It is applied already: a failure here must not look like one of that. */
async function noteServers(client: RegistryClient, terminal: Terminal, gateway: GatewayResponse): Promise<void> {
  try {
    const servers = await client.list(serverResponse, '/servers');
    for (const server of servers) if (gatewaysOf([gateway], server).length > 0) noteWarnings(terminal, server);
  } catch {
    terminal.note(`Warning: the virtual servers that serve ${gateway.slug} could not be checked.`);
  }
}

function showResult(
  terminal: Terminal,
  slug: string,
  { review, warnings, diff }: VerificationResponse,
  items: ItemResponse[],
): void {
  terminal.print(`A result of ${slug} waits for your review: ${reviewReasonText(review?.why)}.`);
  for (const warning of warnings) terminal.print(`Warning: ${warningText(warning)}`);
  for (const [what, refs] of Object.entries({ added: diff?.added, changed: diff?.changed, removed: diff?.removed })) {
    for (const { kind, own } of refs ?? []) terminal.print(`  ${what} ${kind} ${own}`);
  }
  showHiddenTexts(terminal, 'facts', review?.facts);
  for (const item of items) showHiddenTexts(terminal, `${item.kind} ${item.name}`, item);
  terminal.print(`To make it serve: lethe apply ${slug} --yes`);
}

/** Prints each text with hidden characters in full: what is hidden may be anywhere in it. */
function showHiddenTexts(terminal: Terminal, where: string, value: JsonValue | undefined): void {
  for (const { pointer, text } of hiddenTexts(value)) {
    terminal.print(`  ${where} ${pointer}`);
    terminal.print(`    ${text}`);
  }
}
