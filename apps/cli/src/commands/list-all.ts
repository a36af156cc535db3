import { type GatewayResponse, gatewayResponse, type ServerResponse, serverResponse } from '../registry/responses.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';
import { columns, countText } from '../terminal/printable.js';
import { countsText } from '../verification/receipt-text.js';

/** `lethe ls`: lists gateways and virtual servers. */
export async function listAll(context: RunContext, flags: CommonFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const gateways = await client.list(gatewayResponse, '/gateways');
  const servers = await client.list(serverResponse, '/servers');
  terminal.printJson({ gateways, servers });
  terminal.print(
    gateways.length === 0 ? 'No gateways yet. Add one: lethe add <url> --name <name> --bearer' : 'Gateways',
  );
  for (const line of columns(gateways.map(gatewayRow))) terminal.print(line);
  if (servers.length > 0) terminal.print('Virtual servers');
  for (const line of columns(servers.map(serverRow))) terminal.print(line);
}

function gatewayRow(gateway: GatewayResponse): string[] {
  const { slug, state, enabled, counts, url, pending, reviewVerification, driftSuspected, liveness } = gateway;
  const items = counts ? countsText({ skipped: 0, ...counts }) : '-';
  const marks = [
    ...(enabled === false ? ['off'] : []),
    ...(pending ? [`pending ${pending.url}`] : []),
    ...(reviewVerification ? [`waits for review: lethe review ${slug}`] : []),
    ...(driftSuspected ? [`may have changed: lethe verify ${slug}`] : []),
    ...(liveness?.state === 'fails' ? ['does not answer'] : []),
  ];
  return [`  ${slug}`, state, items, url, marks.join(', ')];
}

function serverRow({ slug, path, access, exposed, enabled, lost }: ServerResponse): string[] {
  const marks = [
    ...(enabled === false ? ['off'] : []),
    ...(lost.length > 0 ? [`lost ${lost.map(({ name }) => name).join(', ')}`] : []),
  ];
  const kind = typeof access === 'string' ? access : 'jwt';
  return [`  ${slug}`, kind, countText(exposed.length, 'item'), path, marks.join('; ')];
}
