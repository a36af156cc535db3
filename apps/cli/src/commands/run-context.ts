import type { CliSettings } from '../settings/cli-settings.config.js';
import { findRegistry, type RegistryFlags } from '../registry/find-registry.js';
import type { RegistryClient, RequestOptions } from '../registry/registry-client.js';
import { type Streams, Terminal } from '../terminal/terminal.js';

/** How long a change may take to reach the proxies before a command goes on: what it prints should work at once. */
const WAIT_SECONDS = 5;

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

/** Options of a change that the proxies should serve before the command goes on. */
export type ServedSoon = Required<Pick<RequestOptions, 'waitSeconds' | 'onLate'>>;

/**
 * Options for the changes of one command. If the proxies don't serve them in time, it says which, once: those that miss the
 * first change miss the next one, too.
 */
export function servedSoon(terminal: Terminal): ServedSoon {
  let isSaid = false;
  const onLate = (hosts: string | undefined): void => {
    if (isSaid) return;
    isSaid = true;
    terminal.note(
      hosts === undefined
        ? 'Warning: the registry has not heard yet that the proxies serve this.'
        : `Warning: not served yet by the proxies on ${hosts}.`,
    );
  };
  return { waitSeconds: WAIT_SECONDS, onLate };
}

/** Client of the registry that flags and settings select. */
export async function registryFor(context: RunContext, flags: CommonFlags): Promise<RegistryClient> {
  const address = await findRegistry(context.settings, flags);
  // With the forms of all its responses; a bridge runs for long and asks no registry.
  const registry = await import('../registry/registry-client.js');
  return new registry.RegistryClient(address);
}
