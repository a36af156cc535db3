import { whoamiResponse } from '../registry/admin-responses.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** `lethe whoami`: shows whose token is used. */
export async function whoami(context: RunContext, flags: CommonFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const admin = await client.request(whoamiResponse, 'GET', '/admins/me');
  const { name, id, role, expiresAt } = admin;
  terminal.print(`${name} (${id}), ${role}${expiresAt ? `, until ${expiresAt}` : ''}, at ${client.address.url}`);
  terminal.printJson({ ...admin, url: client.address.url });
}
