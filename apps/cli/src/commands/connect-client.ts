import { nearestWord } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { proxyUrlOf } from '../registry/find-proxies.js';
import { findServer } from '../registry/find-by-reference.js';
import {
  clientsResponse,
  type ConfigurationResponse,
  configurationResponse,
} from '../registry/inspection-responses.js';
import { columns } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe connect`. */
export interface ConnectFlags extends CommonFlags {
  client?: string;
  way?: 'headers' | 'bridge' | 'helper';
}

/** `lethe connect <server>`: prints what to paste into a client's configuration; without a client, which there are. */
export async function connectClient(context: RunContext, reference: string, flags: ConnectFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const registry = await registryFor(context, flags);
  const { slug } = await findServer(registry, reference, '<server>');
  const path = `/servers/${encodeURIComponent(slug)}/connect`;
  const { items } = await registry.request(clientsResponse, 'GET', path);
  if (flags.client === undefined) {
    terminal.printJson({ clients: items });
    for (const line of columns(items.map(({ client, name, file }) => [client, name, file]))) terminal.print(line);
    terminal.print(`To configure one of them: lethe connect ${slug} --client <client>`);
    return;
  }
  const known = items.map(({ client }) => client);
  const { client, way } = flags;
  if (!known.includes(client)) throw unknownClient(client, known);
  const ways = items.find((item) => item.client === client)?.ways ?? [];
  if (way !== undefined && !ways.includes(way)) throw withoutWay(ways);
  const proxyUrl = await proxyUrlOf(context.settings, registry);
  const query = new URLSearchParams({ client, ...(way && { way }), ...(proxyUrl !== undefined && { proxyUrl }) });
  const configuration = await registry.request(configurationResponse, 'GET', `${path}?${query.toString()}`);
  printConfiguration(terminal, configuration);
  terminal.printJson(configuration);
}

/** The configuration alone goes to standard output, so that it can be piped into a file. */
function printConfiguration(terminal: Terminal, configuration: ConfigurationResponse): void {
  const { name, file, content, command, variables, notes } = configuration;
  if (!terminal.isJson) {
    terminal.note(`${name}, for ${file}:`);
    for (const line of content.split('\n')) terminal.print(line);
    if (command !== undefined) terminal.note('Or in a shell:');
    for (const line of command?.split('\n') ?? []) terminal.note(line);
    if (variables.length > 0) terminal.note('Variables to set before the client starts:');
    for (const line of columns(variables.map((variable) => [`  ${variable.name}`, variable.holds])))
      terminal.note(line);
    for (const note of notes) terminal.note(`Note: ${note}`);
  }
}

function withoutWay(ways: readonly string[]): CliError {
  const text = `This client can not be configured in that way; --way can be ${ways.join(' or ')}`;
  return new CliError('usage', 'way_unknown', text);
}

function unknownClient(typed: string, known: readonly string[]): CliError {
  const near = nearestWord(typed, known);
  const hint = near === undefined ? `; there are: ${known.join(', ')}` : `; did you mean ${near}?`;
  return new CliError('usage', 'client_unknown', `--client names no client whose configuration is known${hint}`);
}
