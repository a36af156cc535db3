import { CliError } from '../errors/cli.error.js';
import { findKey } from '../registry/find-key.js';
import { issuedKeyResponse, type KeyResponse, keyResponse } from '../registry/key-responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { serverResponse } from '../registry/responses.js';
import { askYes } from '../terminal/ask-yes.js';
import { columns } from '../terminal/printable.js';
import { type CommonFlags, registryFor, type RunContext, servedSoon, terminalFor } from './run-context.js';

/** Flags of `lethe keys ls`. */
export interface ListKeysFlags extends CommonFlags {
  state?: string;
  role?: string;
  server?: string;
}

/** Flags of `lethe keys rotate`. */
export interface RotateKeyFlags extends CommonFlags {
  /** Seconds. */
  overlap?: number;
  expires?: string;
}

/** Flags of `lethe keys roles`. */
export interface RolesFlags extends CommonFlags {
  none?: boolean;
}

/** Flags of `lethe keys revoke`. */
export interface RevokeFlags extends CommonFlags {
  yes?: boolean;
}

/** `lethe keys ls`: lists callers' keys. */
export async function listKeys(context: RunContext, flags: ListKeysFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { state, role, server } = flags;
  const keys = await client.list(keyResponse, '/keys', { state, role, server });
  const slugOf = await slugs(client);
  if (keys.length === 0) terminal.print('No such key. To make one: lethe keys add <server>');
  for (const line of columns(keys.map((key) => rowOf(key, slugOf)))) terminal.print(line);
  terminal.printJson({ keys });
}

/** `lethe keys show <key>`: shows one of them. */
export async function showKey(context: RunContext, reference: string, flags: CommonFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const key = await findKey(client, reference);
  const slugOf = await slugs(client);
  const { id, name, state, expiresAt, createdAt, replaces, replacedBy } = key;
  const rows = [
    ['id', id],
    ['name', name],
    ['state', state],
    ['servers', serversText(key, slugOf)],
    ['roles', rolesText(key)],
    ['made', createdAt],
    ['expires', expiresAt ?? 'never'],
    ['used', usedText(key, slugOf)],
    ...(replaces ? [['replaces', replaces]] : []),
    ...(replacedBy ? [['replaced by', replacedBy]] : []),
  ];
  for (const line of columns(rows)) terminal.print(line);
  terminal.printJson(key);
}

/** `lethe keys rotate <key>`: makes a key that takes the place of another one. */
export async function rotateKey(context: RunContext, reference: string, flags: RotateKeyFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { id, name } = await findKey(client, reference);
  const body = {
    ...(flags.overlap !== undefined && { overlapSeconds: flags.overlap }),
    ...(flags.expires !== undefined && { expiresAt: flags.expires }),
  };
  const soon = servedSoon(terminal);
  const issued = await client.request(issuedKeyResponse, 'POST', `/keys/${id}/rotate`, { body, ...soon });
  terminal.note(`${name} has a new key (${issued.id}). ${await whatBecomes(client, id)}`);
  // Alone on standard output, so that it can go into a file.
  terminal.print(issued.key);
  terminal.printJson(issued);
}

/** `lethe keys roles <key> [role...]`: shows or sets the roles of a key. */
export async function setKeyRoles(
  context: RunContext,
  reference: string,
  roles: readonly string[],
  flags: RolesFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  const isNone = flags.none === true;
  if (isNone && roles.length > 0) {
    throw new CliError('usage', 'command_line', 'Give either roles or --none');
  }
  const client = await registryFor(context, flags);
  const found = await findKey(client, reference);
  const isChange = isNone || roles.length > 0;
  const options = { body: { roles: [...new Set(roles)] }, ...servedSoon(terminal) };
  const key = isChange ? await client.request(keyResponse, 'PATCH', `/keys/${found.id}`, options) : found;
  terminal.print(`${key.name} (${key.id}) has ${rolesText(key, 'no roles')}.`);
  terminal.printJson(key);
}

/** `lethe keys revoke <key>`: revokes a key, after a question. */
export async function revokeKey(context: RunContext, reference: string, flags: RevokeFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { id, name, replaces, replacedBy } = await findKey(client, reference);
  if (flags.yes !== true) await askYes(terminal, `Revoke the key ${name} (${id})?`);
  await client.send('DELETE', `/keys/${id}`, servedSoon(terminal));
  terminal.print(`Revoked the key ${name} (${id}).`);
  for (const other of [replaces, replacedBy]) {
    const key = other ? await findKey(client, other).catch(() => undefined) : undefined;
    if (key?.state === 'active') {
      terminal.note(`${other === replaces ? 'The key before it' : 'The key after it'} is still valid: ${key.id}`);
    }
  }
  terminal.printJson({ revoked: { kind: 'key', id } });
}

async function whatBecomes(client: RegistryClient, id: string): Promise<string> {
  const old = await findKey(client, id).catch(() => undefined);
  if (old === undefined) return 'The old one is revoked.';
  return old.state === 'expired' ? 'The old one has expired.' : `The old one is valid until ${old.expiresAt}.`;
}

/** Names virtual servers by their slugs; those that are gone by their ids. */
async function slugs(client: RegistryClient): Promise<(id: string) => string> {
  const known = new Map((await client.list(serverResponse, '/servers')).map(({ id, slug }) => [id, slug]));
  return (id) => known.get(id) ?? id;
}

function rowOf(key: KeyResponse, slugOf: (id: string) => string): string[] {
  const { id, name, state, expiresAt, replacedBy } = key;
  const end = expiresAt ? [`${state === 'expired' ? 'expired' : 'until'} ${expiresAt}`] : [];
  const marks = [...end, ...(replacedBy ? [`replaced by ${replacedBy}`] : [])];
  return [id, name, serversText(key, slugOf), rolesText(key), usedText(key, slugOf), marks.join(', ')];
}

function serversText({ servers }: KeyResponse, slugOf: (id: string) => string): string {
  return Array.isArray(servers) ? servers.map(slugOf).join(', ') : 'all servers';
}

function rolesText({ roles }: KeyResponse, none = '-'): string {
  return roles.length === 0 ? none : `${none === '-' ? '' : 'the roles '}${roles.join(', ')}`;
}

function usedText({ lastUsedAt, lastServerId }: KeyResponse, slugOf: (id: string) => string): string {
  if (!lastUsedAt) return 'never used';
  return `used ${lastUsedAt}${lastServerId ? ` for ${slugOf(lastServerId)}` : ''}`;
}
