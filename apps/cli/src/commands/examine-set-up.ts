import { examine } from '../doctor/examine.js';
import type { Finding } from '../doctor/finding.js';
import { CliError } from '../errors/cli.error.js';
import { statusResponse } from '../registry/inspection-responses.js';
import { keyResponse } from '../registry/key-responses.js';
import { gatewayResponse, serverResponse } from '../registry/responses.js';
import { columns, countText } from '../terminal/printable.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

const MARKS: Record<Finding['state'], string> = { ok: 'ok', warning: 'warn', problem: 'FAIL' };

/**
 * `lethe doctor`: what is wrong with this set-up, in the order in which its parts need each other, and what to do.
 * @throws CliError `problems_found`, which decides the exit code
 */
export async function examineSetUp(context: RunContext, flags: CommonFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const findings = await examine(context.settings, () => registryFor(context, flags));
  for (const { state, text, todo } of findings) {
    terminal.print(`${MARKS[state].padEnd(5)} ${text}`);
    if (todo !== undefined) terminal.print(`      to do: ${todo}`);
  }
  terminal.printJson({ findings });
  const problems = findings.filter(({ state }) => state === 'problem').length;
  if (problems > 0) throw new CliError('unhealthy', 'problems_found', `${countText(problems, 'problem')} found`);
}

/** `lethe status`: the same in short, without a judgement. */
export async function showStatus(context: RunContext, flags: CommonFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const status = await client.request(statusResponse, 'GET', '/status');
  const gateways = await client.list(gatewayResponse, '/gateways');
  const servers = await client.list(serverResponse, '/servers');
  const keys = await client.list(keyResponse, '/keys');
  const { connectors, proxies, revision, checks } = status;
  const failed = Object.keys(checks).filter((check) => checks[check] === false);
  const verified = gateways.filter(({ state }) => state === 'verified').length;
  const current = proxies.filter(({ confirmedRevision }) => (confirmedRevision ?? -1) >= revision).length;
  const rows = [
    ['registry', `${client.address.url}, version ${status.version}`],
    ['ready', failed.length === 0 ? 'yes' : `no: ${failed.join(', ')}`],
    ['connectors', `${connectors.live}, ${countText(connectors.freeSlots, 'free slot')}, ${connectors.lentSlots} lent`],
    ['proxies', `${proxies.length}, ${current} known to serve revision ${revision}`],
    ['gateways', `${gateways.length}, ${verified} verified`],
    ['servers', String(servers.length)],
    ['keys', String(keys.length)],
  ];
  for (const line of columns(rows)) terminal.print(line);
  terminal.printJson({
    registry: client.address.url,
    ...status,
    gateways: { total: gateways.length, verified },
    servers: servers.length,
    keys: keys.length,
  });
}
