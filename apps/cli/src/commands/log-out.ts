import { CliError } from '../errors/cli.error.js';
import type { LoggedOut } from '../login/log-out.js';
import { directFetch } from '../mcp/direct-fetch.js';
import { interruptible } from './interrupt.js';
import { endpointFor, loginStore } from './open-logins.js';
import { type CommonFlags, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe logout`. */
export interface LogoutFlags extends CommonFlags {
  all?: boolean;
  forget?: boolean;
}

const OUTCOMES: Record<LoggedOut['revocation'], string> = {
  revoked: 'logged out, and its tokens were revoked',
  unsupported: 'logged out here; its server can not revoke tokens, which live until their end',
  failed: 'logged out here; its server was not told (no usable answer), so its tokens live until their end',
};

/** `lethe logout [server] [gateway]`: ends logins, at their authorization servers and here. */
export async function logOutOf(
  context: RunContext,
  server: string | undefined,
  gateway: string | undefined,
  flags: LogoutFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  const isAll = flags.all === true;
  if (isAll === (server !== undefined)) {
    throw new CliError('usage', 'logout_of_what', 'Name a virtual server, or give --all, which ends every login');
  }
  const url = server === undefined ? undefined : (await endpointFor(context, server, flags)).mcp;
  const [{ logOut }, { secureFetch }] = await Promise.all([
    import('../login/log-out.js'),
    import('../oauth/secure-fetch.js'),
  ]);
  const ended = await interruptible(async (signal) => {
    const store = await loginStore(context, { isPatient: true, signal });
    const scope = { server: url, gateway, forget: isAll || flags.forget === true };
    const all = await logOut(scope, store, secureFetch(directFetch, signal)).catch(explained);
    if (isAll) await store.erase();
    return all;
  });
  for (const { resource, revocation } of ended) terminal.print(`${resource}: ${OUTCOMES[revocation]}`);
  if (ended.length === 0) terminal.print('Forgotten.');
  terminal.printJson({ ended });
}

/** Requests that end early say that nothing was kept, which here is the wrong way round. */
function explained(error: unknown): never {
  if (!(error instanceof CliError) || error.kind !== 'cancelled') throw error;
  throw new CliError('cancelled', 'cancelled', 'Cancelled; the logins are still on this machine', [
    'Its server may have ended one of them already. To end them here too: lethe logout',
  ]);
}
