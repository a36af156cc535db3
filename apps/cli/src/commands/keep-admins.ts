import { CliError } from '../errors/cli.error.js';
import { type AdminResponse, adminResponse, adminWithTokenResponse } from '../registry/admin-responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { askYes } from '../terminal/ask-yes.js';
import { columns } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe admins add`. */
export interface AddAdminFlags extends CommonFlags {
  role: string;
  expires?: string;
}

/** Flags of `lethe admins rotate`. */
export interface RotateFlags extends CommonFlags {
  /** Seconds. */
  overlap?: number;
}

/** Flags of `lethe admins rm`. */
export interface RemoveAdminFlags extends CommonFlags {
  yes?: boolean;
}

/** `lethe admins ls`: lists administrators with tokens of Lethe. */
export async function listAdmins(context: RunContext, flags: CommonFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const admins = await client.list(adminResponse, '/admins');
  for (const line of columns(admins.map(rowOf))) terminal.print(line);
  terminal.printJson({ admins });
}

/** `lethe admins add <name>`: makes an administrator. */
export async function addAdmin(context: RunContext, name: string, flags: AddAdminFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const body = { name, role: flags.role, ...(flags.expires !== undefined && { expiresAt: flags.expires }) };
  const admin = await client.request(adminWithTokenResponse, 'POST', '/admins', { body });
  terminal.note(`${name} is an administrator (${admin.id}) with the role ${admin.role}.`);
  printToken(terminal, admin);
}

/** `lethe admins rotate <administrator>`: replaces a token. */
export async function rotateAdmin(context: RunContext, reference: string, flags: RotateFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { id, name } = await findAdmin(client, reference);
  const body = { overlapSeconds: flags.overlap ?? 0 };
  const admin = await client.request(adminWithTokenResponse, 'POST', `/admins/${id}/rotate`, { body });
  const until = admin.previousTokenUntil;
  terminal.note(
    until ? `The old token of ${name} is valid until ${until}.` : `The old token of ${name} is refused now.`,
  );
  printToken(terminal, admin);
}

/** Fields of an administrator that the command changes. */
export type AdminChange = { role: string } | { enabled: boolean } | { expiresAt: string | null };

/** `lethe admins role | disable | enable | expire`: changes an administrator, unless somebody else has meanwhile. */
export async function changeAdmin(
  context: RunContext,
  reference: string,
  change: AdminChange,
  flags: CommonFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { id } = await findAdmin(client, reference);
  const { etag } = await client.read(adminResponse, `/admins/${id}`);
  const options = { body: change, ...(etag !== undefined && { ifMatch: etag }) };
  const admin = await client.request(adminResponse, 'PATCH', `/admins/${id}`, options);
  const { name, role, enabled, expiresAt } = admin;
  const until = expiresAt ? `until ${expiresAt}` : 'without an end';
  terminal.print(`${name} (${id}) has the role ${role}, ${enabled ? until : 'and is switched off'}.`);
  terminal.printJson({ administrator: admin });
}

/** `lethe admins rm <administrator>`: deletes an administrator, after a question. */
export async function removeAdmin(context: RunContext, reference: string, flags: RemoveAdminFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { id, name, role } = await findAdmin(client, reference);
  if (flags.yes !== true) await askYes(terminal, `Remove the administrator ${name} (${id}, ${role})?`);
  await client.send('DELETE', `/admins/${id}`);
  terminal.print(`Removed the administrator ${name} (${id}).`);
  terminal.printJson({ removed: { kind: 'administrator', id } });
}

/** Alone on standard output, so that it can go into a file. */
function printToken(terminal: Terminal, admin: AdminResponse & { token: string }): void {
  terminal.print(admin.token);
  terminal.printJson(admin);
}

async function findAdmin(client: RegistryClient, reference: string): Promise<AdminResponse> {
  const admins = await client.list(adminResponse, '/admins');
  const found = admins.filter(({ id, name }) => id === reference || name === reference);
  const [admin, second] = found;
  if (admin === undefined) {
    throw new CliError('refused', 'not_found', 'No administrator has this name or id', [
      'To see all of them: lethe admins ls',
    ]);
  }
  if (second !== undefined) {
    throw new CliError('usage', 'ambiguous', 'Several administrators have this name', [
      `Give an id: ${found.map(({ id }) => id).join(', ')}`,
    ]);
  }
  return admin;
}

function rowOf({ id, name, role, enabled, expiresAt, previousTokenUntil, lastUsedAt }: AdminResponse): string[] {
  const marks = [
    ...(enabled ? [] : ['off']),
    ...(expiresAt ? [`until ${expiresAt}`] : []),
    ...(previousTokenUntil ? [`old token until ${previousTokenUntil}`] : []),
  ];
  return [id, role, name, lastUsedAt ? `used ${lastUsedAt}` : 'never used', marks.join(', ')];
}
