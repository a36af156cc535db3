import type { KeptResponse } from '../registry/kept-responses.js';
import { type GatewayResponse, gatewayResponse, type ServerResponse, serverResponse } from '../registry/responses.js';
import { queryString } from '../registry/query-string.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';
import { columns, countText } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { countsText } from '../verification/receipt-text.js';

export const LIST_KINDS = ['gateways', 'servers'] as const;
/** One of `LIST_KINDS`. */
export type ListKind = (typeof LIST_KINDS)[number];
export const LIST_STATES = ['unverified', 'verified'];
export const LIST_DRIFTS = ['pending', 'suspected', 'rejected'];
export const LIST_ORDERS = ['createdAt', 'updatedAt', 'name', 'slug'].flatMap((name) => [name, `-${name}`]);

/** Flags of `lethe ls`. */
export interface ListFlags extends CommonFlags {
  match?: string;
  tag?: string;
  state?: string;
  drift?: string;
  gateway?: string;
  sort?: string;
}

/** `lethe ls`: lists gateways and virtual servers. A flag that only one of them has leaves out the other. */
export async function listAll(context: RunContext, what: ListKind | undefined, flags: ListFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { match: q, sort, tag, state, drift, gateway } = flags;
  const isAboutGateways = state !== undefined || drift !== undefined;
  const [hasGateways, hasServers] = [what !== 'servers' && !gateway, what !== 'gateways' && !isAboutGateways];
  const ofGateways = `/gateways${queryString({ q, sort, tag, state, drift })}`;
  const gateways = hasGateways ? await client.list(gatewayResponse, ofGateways) : [];
  const servers = hasServers
    ? await client.list(serverResponse, `/servers${queryString({ q, sort, tag, gateway })}`)
    : [];
  terminal.printJson({ gateways, servers });
  const isFiltered = q !== undefined || tag !== undefined || isAboutGateways || !hasGateways;
  if (isFiltered && gateways.length + servers.length === 0) terminal.print('Nothing found.');
  if (!isFiltered && gateways.length === 0)
    terminal.print('No gateways yet. Add one: lethe add <url> --name <name> --bearer');
  printTable(terminal, 'Gateways', gateways.map(gatewayRow));
  printTable(terminal, 'Virtual servers', servers.map(serverRow));
}

function printTable(terminal: Terminal, title: string, rows: string[][]): void {
  if (rows.length > 0) terminal.print(title);
  for (const line of columns(rows)) terminal.print(line);
}

function gatewayRow(gateway: GatewayResponse): string[] {
  const { slug, state, enabled, counts, url, pending, reviewVerification, driftSuspected, liveness } = gateway;
  const items = counts ? countsText({ skipped: 0, ...counts }) : '-';
  const marks = [
    ...(enabled === false ? ['off'] : []),
    ...(pending ? [`pending ${pending.url}`] : []),
    ...(reviewVerification ? [`waits for review: lethe review ${slug}`] : []),
    ...(driftSuspected ? [`may have changed: lethe verify ${slug}`] : []),
    ...(gateway.kept ? [keptMark(gateway.kept)] : []),
    ...(liveness?.state === 'fails' ? ['does not answer'] : []),
  ];
  return [`  ${slug}`, state, items, url, marks.join(', ')];
}

function keptMark({ state, until, rejectedAt }: KeptResponse): string {
  if (state !== 'usable') return `kept credential: ${state.replaceAll('_', ' ')}`;
  return rejectedAt ? 'kept credential: rejected' : `kept until ${until.slice(0, 10)}`;
}

function serverRow({ slug, path, access, exposed, enabled, lost }: ServerResponse): string[] {
  const marks = [
    ...(enabled === false ? ['off'] : []),
    ...(lost.length > 0 ? [`lost ${lost.map(({ name }) => name).join(', ')}`] : []),
  ];
  const kind = typeof access === 'string' ? access : 'jwt';
  return [`  ${slug}`, kind, countText(exposed.length, 'item'), path, marks.join('; ')];
}
