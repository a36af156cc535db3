import { CliError } from '../errors/cli.error.js';
import { findGateway } from '../registry/find-by-reference.js';
import type { RegistryClient } from '../registry/registry-client.js';
import {
  changeResponse,
  type ChangeResponse,
  type GatewayResponse,
  itemResponse,
  serverResponse,
  type VerificationResponse,
  verificationResponse,
} from '../registry/responses.js';
import type { Terminal } from '../terminal/terminal.js';
import { changeCounts, changeName, diffText } from '../verification/diff-text.js';
import { reviewReasonText } from '../verification/review-text.js';
import { warningText } from '../verification/warning-text.js';
import { gatewaysOf } from './make-key.js';
import { noteWarnings } from './print-server.js';
import { type CommonFlags, registryFor, type RunContext, servedSoon, terminalFor } from './run-context.js';

/** Flags of `lethe review`, `lethe apply` and `lethe reject`. */
export interface ApplyFlags extends CommonFlags {
  yes?: boolean;
  verification?: string;
}

interface Review {
  gateway: GatewayResponse;
  verification: VerificationResponse;
  changes: ChangeResponse[];
}

/**
 * `lethe review <gateway>`: shows what waits for a review, or was rejected, with both texts of what differs and hidden
 * characters as escapes. With `--verification`, what an earlier one has changed.
 */
export async function showReview(context: RunContext, reference: string, flags: ApplyFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const gateway = await findGateway(client, reference, '<gateway>');
  const vid = flags.verification ?? gateway.reviewVerification ?? gateway.rejected?.verification;
  const shown = { id: gateway.id, slug: gateway.slug };
  if (!vid) {
    terminal.print(`Nothing of ${gateway.slug} waits for a review.`);
    terminal.printJson({ gateway: shown, changes: [] });
    return;
  }
  const review = await readReview(client, gateway, pathOf(gateway, vid));
  printReview(terminal, review);
  if (review.verification.review) printNext(terminal, gateway.slug);
  terminal.printJson({ gateway: shown, verification: review.verification, changes: review.changes });
}

/**
 * `lethe apply <gateway> [item...]`: makes the named items serve, or with `--yes` all that wait. With neither, it shows what
 * waits.
 */
export async function applyReview(
  context: RunContext,
  reference: string,
  names: readonly string[],
  flags: ApplyFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { gateway, path } = await findWaiting(client, reference, names);
  const shown = { id: gateway.id, slug: gateway.slug };
  if (names.length === 0 && flags.yes !== true) {
    const review = await readReview(client, gateway, path);
    const items = await client.list(itemResponse, `${path}/items`);
    printReview(terminal, review);
    terminal.print(`To make it serve: lethe apply ${gateway.slug} --yes`);
    terminal.printJson({ gateway: shown, verification: review.verification, items, changes: review.changes });
    return;
  }
  const body = await bodyFor(client, path, names);
  const applied = await client.request(verificationResponse, 'POST', `${path}/apply`, {
    ...body,
    ...servedSoon(terminal),
  });
  terminal.print(
    names.length === 0 ? `${gateway.slug} serves what was reviewed.` : `${gateway.slug} serves ${names.join(', ')}.`,
  );
  sayWhatWaits(terminal, gateway, applied);
  await noteServers(client, terminal, gateway);
  terminal.printJson({ gateway: shown, verification: applied });
}

/** `lethe reject <gateway> [item...]`: rejects the named items, or with `--yes` all that wait. With neither, it shows them. */
export async function rejectReview(
  context: RunContext,
  reference: string,
  names: readonly string[],
  flags: ApplyFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { gateway, path } = await findWaiting(client, reference, names);
  const shown = { id: gateway.id, slug: gateway.slug };
  if (names.length === 0 && flags.yes !== true) {
    const review = await readReview(client, gateway, path);
    printReview(terminal, review);
    terminal.print(`To reject it: lethe reject ${gateway.slug} --yes`);
    terminal.printJson({ gateway: shown, verification: review.verification, changes: review.changes });
    return;
  }
  const body = await bodyFor(client, path, names);
  const rejected = await client.request(verificationResponse, 'POST', `${path}/reject`, body);
  terminal.print(`Rejected ${names.length === 0 ? `what waited of ${gateway.slug}` : names.join(', ')}.`);
  sayWhatWaits(terminal, gateway, rejected);
  terminal.printJson({ gateway: shown, verification: rejected });
}

/**
 * The gateway, and the path of the verification that waits. What was rejected before can only be named.
 * @throws CliError `nothing_to_apply`
 */
async function findWaiting(
  client: RegistryClient,
  reference: string,
  names: readonly string[],
): Promise<{ gateway: GatewayResponse; path: string }> {
  const gateway = await findGateway(client, reference, '<gateway>');
  const rejected = names.length > 0 ? gateway.rejected?.verification : undefined;
  const waiting = gateway.reviewVerification ?? rejected;
  if (!waiting) throw new CliError('refused', 'nothing_to_apply', `Nothing of ${gateway.slug} waits for a review`);
  return { gateway, path: pathOf(gateway, waiting) };
}

/** The items to send: none for all that wait. */
async function bodyFor(client: RegistryClient, path: string, names: readonly string[]): Promise<{ body?: object }> {
  if (names.length === 0) return {};
  return { body: { items: chosen(await client.list(changeResponse, `${path}/diff`), names) } };
}

async function readReview(client: RegistryClient, gateway: GatewayResponse, path: string): Promise<Review> {
  const verification = await client.request(verificationResponse, 'GET', path);
  return { gateway, verification, changes: await client.list(changeResponse, `${path}/diff`) };
}

function pathOf({ id }: GatewayResponse, vid: string): string {
  return `/gateways/${id}/verifications/${encodeURIComponent(vid)}`;
}

function printReview(terminal: Terminal, { gateway, verification, changes }: Review): void {
  const { review, warnings } = verification;
  if (review) terminal.print(`A result of ${gateway.slug} waits for your review: ${reviewReasonText(review.why)}.`);
  for (const warning of warnings) terminal.print(`Warning: ${warningText(warning)}`);
  terminal.print(changes.length === 0 ? 'It changes nothing.' : `${changeCounts(changes)}:`);
  for (const line of diffText(changes)) terminal.print(line);
}

function printNext(terminal: Terminal, slug: string): void {
  terminal.print(`To make it serve: lethe apply ${slug} --yes, or item by item: lethe apply ${slug} <item>...`);
  terminal.print(`To reject it:     lethe reject ${slug} --yes, or item by item: lethe reject ${slug} <item>...`);
}

function sayWhatWaits(terminal: Terminal, { slug }: GatewayResponse, { review }: VerificationResponse): void {
  if (review) terminal.print(`More waits for your review: lethe review ${slug}`);
}

/**
 * The changes that are named, as `tool:name` or by a name alone if only one has it.
 * @throws CliError `item_unknown`, which counts the position and repeats no input
 */
function chosen(changes: readonly ChangeResponse[], names: readonly string[]): { kind: string; name: string }[] {
  return names.map((given, index) => {
    const exact = changes.filter((change) => changeName(change) === given);
    const [found, other] = exact.length > 0 ? exact : changes.filter(({ name }) => name === given);
    if (found !== undefined && other === undefined) return { kind: found.kind, name: found.name };
    const which = other === undefined ? 'No change has this name' : 'Several changes have this name';
    const choices = changes.map((change) => changeName(change));
    throw new CliError('usage', 'item_unknown', `${which} (item ${index + 1})`, [`Items: ${choices.join(', ')}`]);
  });
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
