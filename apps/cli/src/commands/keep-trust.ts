import { resolve } from 'node:path';
import { ADMIN_TOKEN_PREFIX } from '@lethe/contracts';
import { initTrust, loadTrust, newSecret, rotateTrust, SealingError, type TrustSummary } from '@lethe/sealing';
import { CliError } from '../errors/cli.error.js';
import { type CommonFlags, type RunContext, terminalFor } from './run-context.js';
import { columns } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';

type Identities = readonly { role: string; state: string; fingerprint: string }[];

/** `lethe trust init [dir]`: creates all keys of a deployment, in a folder without keys. */
export async function makeTrust(context: RunContext, dir: string | undefined, flags: CommonFlags): Promise<void> {
  const summary = await explained(initTrust(folder(context, dir), new Date()));
  const terminal = terminalFor(context, flags);
  terminal.print(`Created ${summary.files.join(', ')} in ${summary.dir}.`);
  printFiles(
    terminal,
    summary,
    'Services that run alone each need a folder (LETHE_TRUST) with these files and no others:',
  );
  const identities = await identitiesIn(summary.dir);
  printIdentities(terminal, identities);
  terminal.printJson({ ...summary, identities });
}

/** `lethe trust rotate <role> [dir]`: creates a new key for one role. */
export async function replaceKey(
  context: RunContext,
  role: string,
  dir: string | undefined,
  flags: CommonFlags,
): Promise<void> {
  const summary = await explained(rotateTrust(folder(context, dir), role, new Date()));
  const terminal = terminalFor(context, flags);
  terminal.print(`${role} has a new key.`);
  const order = role === 'kept' ? ', proxies first, the others when all proxies are ready' : '';
  printFiles(
    terminal,
    summary,
    `Copy to each service these files and no others, then restart these services${order} (npm start: restart it, nothing to copy):`,
  );
  const identities = await identitiesIn(summary.dir);
  printIdentities(terminal, identities);
  terminal.printJson({ ...summary, identities });
}

/** `lethe trust show [dir]`: shows the public keys, so that people can compare fingerprints. */
export async function showTrust(context: RunContext, dir: string | undefined, flags: CommonFlags): Promise<void> {
  const identities = await identitiesIn(folder(context, dir));
  const terminal = terminalFor(context, flags);
  printIdentities(terminal, identities);
  terminal.printJson({ identities });
}

/** `lethe trust admin-token`: prints a new token for the file of `LETHE_ADMIN_TOKEN_FILE`. */
export function makeAdminToken(context: RunContext, flags: CommonFlags): void {
  const { token } = newSecret(ADMIN_TOKEN_PREFIX);
  const terminal = terminalFor(context, flags);
  terminal.print(token);
  terminal.printJson({ token });
}

async function identitiesIn(dir: string): Promise<Identities> {
  const trust = await explained(loadTrust(dir));
  const roles = ['registry', 'connector'] as const;
  const signing = roles.flatMap((role) => trust.identities(role).map((identity) => ({ role, ...identity })));
  const kept = trust.keptIdentity();
  return [...signing, ...(kept ? [{ role: 'kept', state: 'active', ...kept }] : [])];
}

function printFiles(terminal: Terminal, { services }: TrustSummary, title: string): void {
  terminal.print(title);
  const rows = Object.entries(services).filter(([, files]) => files.length > 0);
  for (const line of columns(rows.map(([service, files]) => [`  ${service}`, files.join(', ')]))) terminal.print(line);
  terminal.print('Public keys:');
}

function printIdentities(terminal: Terminal, identities: Identities): void {
  const rows = identities.map(({ role, state, fingerprint }) => [`  ${role}`, state, fingerprint]);
  for (const line of columns(rows)) terminal.print(line);
}

function folder({ settings }: RunContext, dir: string | undefined): string {
  // A variable that is not set gives the empty text.
  return dir ? resolve(dir) : settings.trustDir;
}

async function explained<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof SealingError ? new CliError('usage', error.code, error.message) : error;
  });
}
