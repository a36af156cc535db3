import { parseJson } from '@lethe/mcp';
import { itemGlob, itemName } from '../command-line/curation-values.js';
import { unusableIn } from '../doctor/kept-checks.js';
import { CliError } from '../errors/cli.error.js';
import { findEither } from '../registry/find-either.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { type GatewayResponse, gatewayResponse, type ServerResponse, serverResponse } from '../registry/responses.js';
import type { Terminal } from '../terminal/terminal.js';
import { countText } from '../terminal/printable.js';
import { type LoginClientFlags, loginClientOf } from './login-client.js';
import { curationOf, mentionedItems, type ServerEdits } from './edit-server.js';
import { noteWarnings } from './print-server.js';
import { requireGateways, requireItems } from './require-items.js';
import { type CommonFlags, registryFor, type RunContext, servedSoon, terminalFor } from './run-context.js';

/** Fields of a gateway that take effect after a verification. */
const VERIFIED_FIELDS = ['url', 'transport', 'passthroughHeaders', 'tlsCa'];

/** Those of them that a kept credential is sealed for. */
const SEALED_FIELDS = ['url', 'passthroughHeaders', 'tlsCa'];

/** One field of `lethe edit`, and its new value. */
export type FieldValue = [field: string, value: unknown];

/** Flags of `lethe edit`. */
export interface EditFlags extends CommonFlags, ServerEdits, LoginClientFlags {
  tag?: string[];
  untag?: string[];
  itemTag?: { what: string; tags: string[] }[];
  trustHints?: boolean;
}

/** Flags that only a virtual server has. */
const OF_SERVERS = {
  hide: '--hide',
  show: '--show',
  rename: '--rename',
  describe: '--describe',
  readOnly: '--read-only',
  reset: '--reset',
  include: '--include',
  includeTag: '--include-tag',
  credentials: '--credentials',
  withTag: '--with-tag',
  withHint: '--with-hint',
} as const;
/** Flags that only a gateway has. */
const OF_GATEWAYS = {
  trustHints: '--trust-hints',
  loginClientId: '--login-client-id',
  loginIssuer: '--login-issuer',
} as const;
const EDITS = [...Object.keys(OF_SERVERS), ...Object.keys(OF_GATEWAYS), 'tag', 'untag', 'itemTag'];

/**
 * Reads `field=value`. A value that is JSON is taken as such; `field=` is the empty text, `field=null` removes it.
 * @throws CliError `command_line`, which does not repeat it
 */
export function fieldValue(text: string, earlier: FieldValue[] = []): FieldValue[] {
  const at = text.indexOf('=');
  if (at < 1 || !/^[A-Za-z]\w*$/.test(text.slice(0, at))) {
    throw new CliError('usage', 'command_line', 'Each change is written as field=value');
  }
  const value = text.slice(at + 1);
  return [...earlier, [text.slice(0, at), parseJson(value) ?? (value === 'null' ? null : value)]];
}

/** `lethe edit <gateway|server> field=value… --flags`: changes one of them, unless somebody else has changed it meanwhile. */
export async function editOne(
  context: RunContext,
  reference: string,
  changes: readonly FieldValue[],
  flags: EditFlags,
): Promise<void> {
  if (changes.length === 0 && !EDITS.some((name) => name in flags)) throw nothingToChange();
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const found = await findEither(client, reference);
  const { kind, path, etag } = found;
  if (kind === 'gateway' && changes.some(([field]) => field === 'credential')) throw notByEdit(reference);
  const byFlags =
    found.kind === 'gateway' ? gatewayChanges(found.gateway, flags) : await serverChanges(client, found.server, flags);
  const body = { ...byFlags, ...onlyOnce(changes, byFlags) };
  const options = { body, ...(etag !== undefined && { ifMatch: etag }), ...servedSoon(terminal) };
  const schema = kind === 'gateway' ? gatewayResponse : serverResponse;
  const changed = await client.request(schema, 'PATCH', path, options);
  const fields = Object.keys(body);
  terminal.print(`Changed ${fields.join(', ')} of ${changed.slug}.`);
  if (found.kind === 'gateway') noteVerification(terminal, found.gateway, fields);
  if ('items' in body || 'include' in body) {
    const server = serverResponse.parse(changed);
    terminal.print(`${server.slug} serves ${countText(server.exposed.length, 'item')}.`);
    noteWarnings(terminal, server);
  }
  if ('credentials' in body || 'grants' in body) await noteUnusable(client, terminal, serverResponse.parse(changed));
  terminal.printJson({ [kind]: changed });
}

function noteVerification(terminal: Terminal, { slug, kept }: GatewayResponse, fields: readonly string[]): void {
  if (!fields.some((field) => VERIFIED_FIELDS.includes(field))) return;
  terminal.print(`This takes effect after a verification: lethe verify ${slug}`);
  if (kept && fields.some((field) => SEALED_FIELDS.includes(field)))
    terminal.note(`What is kept for ${slug} is for the former configuration. After it: lethe keep ${slug}`);
}

/** A use that nobody is granted, or of what is not kept, would be found by a call that fails. */
async function noteUnusable(client: RegistryClient, terminal: Terminal, server: ServerResponse): Promise<void> {
  if (!server.credentials) return;
  for (const { text, todo } of unusableIn(server, await client.list(gatewayResponse, '/gateways')))
    terminal.note(`${text}. To do: ${todo}`);
}

async function serverChanges(client: RegistryClient, server: ServerResponse, flags: EditFlags): Promise<object> {
  refuseFlags(
    Object.entries(OF_GATEWAYS).flatMap(([name, flag]) => (name in flags ? [flag] : [])),
    'a gateway',
  );
  const tagged = (flags.itemTag ?? []).map(({ what, tags }) => ({ item: itemName(what), value: tags }));
  await requireItems(client, server, mentionedItems(flags, tagged));
  await requireGateways(client, flags.include ?? []);
  return { ...tagsOf(server, flags), ...curationOf(server, flags, tagged) };
}

function gatewayChanges(gateway: GatewayResponse, flags: EditFlags): object {
  refuseFlags(
    Object.entries(OF_SERVERS).flatMap(([name, flag]) => (name in flags ? [flag] : [])),
    'a virtual server',
  );
  const { itemTag = [], trustHints } = flags;
  const entries = new Map(gateway.itemTags.map(({ kind, name, tags }) => [`${kind} ${name}`, { kind, name, tags }]));
  for (const { what, tags } of itemTag) {
    const { kind, name } = itemGlob(what);
    if (tags.length === 0) entries.delete(`${kind} ${name}`);
    else entries.set(`${kind} ${name}`, { kind, name, tags });
  }
  return {
    ...tagsOf(gateway, flags),
    ...(itemTag.length > 0 && { itemTags: [...entries.values()] }),
    ...(trustHints !== undefined && { trustHints }),
    ...loginClientOf(flags, gateway.oauthClient),
  };
}

function tagsOf({ tags }: GatewayResponse | ServerResponse, { tag = [], untag = [] }: EditFlags): object {
  if (tag.length + untag.length === 0) return {};
  return { tags: [...new Set([...tags, ...tag])].filter((each) => !untag.includes(each)) };
}

/** A credential is sealed for what it is kept for; no word can do that. */
function notByEdit(gateway: string): CliError {
  return new CliError('usage', 'command_line', 'What is kept for a gateway is no field of it', [
    `To keep a credential for its calls: lethe keep ${gateway}`,
    `To delete it, so that callers send their own: lethe forget ${gateway}`,
  ]);
}

/** @throws CliError `command_line` if there are any of these flags */
function refuseFlags(flags: readonly string[], what: string): void {
  if (flags.length === 0) return;
  throw new CliError('usage', 'command_line', `${flags.join(', ')}: only ${what} has this`);
}

/** The fields that were given by their names. @throws CliError `command_line` without any change, or with two for a field */
function onlyOnce(changes: readonly FieldValue[], byFlags: object): object {
  const twice = changes.filter(([field]) => field in byFlags).map(([field]) => field);
  if (twice.length > 0) {
    throw new CliError('usage', 'command_line', `Flags change ${twice.join(', ')} too; give one or the other`);
  }
  if (changes.length + Object.keys(byFlags).length > 0) return Object.fromEntries(changes);
  throw nothingToChange();
}

function nothingToChange(): CliError {
  return new CliError('usage', 'command_line', 'Nothing is to be changed', [
    'Give fields, such as enabled=false, or flags; lethe edit --help lists them.',
  ]);
}
