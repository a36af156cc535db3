import type { CliSettings } from '../settings/cli-settings.config.js';
import { findRegistry, type RegistryFlags } from '../registry/find-registry.js';
import { RegistryClient } from '../registry/registry-client.js';
import { type Streams, Terminal } from '../terminal/terminal.js';

/** How long a change may take to reach the proxies before a command goes on: what it prints should work at once. */
export const WAIT_SECONDS = 5;

/** Flags of every command. */
export interface CommonFlags extends RegistryFlags {
  json?: boolean;
}

/** The environment of a command. */
export interface RunContext {
  settings: CliSettings;
  streams: Streams;
}

/** The terminal of a run with these flags. */
export function terminalFor(context: RunContext, flags: CommonFlags): Terminal {
  return new Terminal(context.streams, flags.json === true, context.settings.command);
}

/** Client of the registry that flags and settings select. */
export async function registryFor(context: RunContext, flags: CommonFlags): Promise<RegistryClient> {
  return new RegistryClient(await findRegistry(context.settings, flags));
}
