import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where the CLI looks for things; the one place that knows the names of environment variables. */
export interface CliSettings {
  /** Data directory of a Lethe on this machine: its `runtime.json` and `admin-token`. */
  home: string;
  registryUrl: string | undefined;
  token: string | undefined;
  /** Where MCP clients reach the proxies. */
  publicUrl: string | undefined;
  trustDir: string;
  /** Fingerprints of connectors, per registry. */
  knownConnectorsFile: string;
}

/** Settings from the environment; a variable that is set but empty counts as unset. */
export function readCliSettings(env: NodeJS.ProcessEnv, cwd: string): CliSettings {
  const value = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const home = resolve(cwd, value('LETHE_HOME') ?? '.lethe');
  const trust = value('LETHE_TRUST');
  const config = value('XDG_CONFIG_HOME') ?? join(value('HOME') ?? homedir(), '.config');
  return Object.freeze({
    home,
    registryUrl: value('LETHE_URL'),
    token: value('LETHE_TOKEN'),
    publicUrl: value('LETHE_PUBLIC_URL'),
    trustDir: trust === undefined ? join(home, 'trust') : resolve(cwd, trust),
    knownConnectorsFile: join(config, 'lethe', 'known-connectors.json'),
  });
}
