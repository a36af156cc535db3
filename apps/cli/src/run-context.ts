import type { CliSettings } from './cli-settings.config.js';
import { findRegistry, type RegistryFlags } from './registry/find-registry.js';
import { RegistryClient } from './registry/registry-client.js';
import { type Streams, Terminal } from './terminal/terminal.js';

/** Flags that every command knows. */
export interface CommonFlags extends RegistryFlags {
  json?: boolean;
}

/** What a command works with. */
export interface RunContext {
  settings: CliSettings;
  streams: Streams;
}

export function terminalFor(context: RunContext, flags: CommonFlags): Terminal {
  return new Terminal(context.streams, flags.json === true);
}

/** A client of the registry that the flags and settings name. */
export async function registryFor(
  context: RunContext,
  flags: CommonFlags,
  terminal: Terminal,
): Promise<RegistryClient> {
  const address = await findRegistry(context.settings, flags);
  const { protocol, hostname } = new URL(address.url);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === 'http:' && !isLoopback) {
    terminal.note(`Warning: ${address.url} is plain http; the administrator token can be read on the way.`);
  }
  return new RegistryClient(address);
}
