import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Settings of the CLI. Only this file knows the names of its environment variables. */
export interface CliSettings {
  /** Data directory of a Lethe on this machine, with its `runtime.json` and `admin-token`. */
  home: string;
  registryUrl: string | undefined;
  token: string | undefined;
  /** URL at which MCP clients reach the proxies. */
  publicUrl: string | undefined;
  trustDir: string;
  /** File with the trusted fingerprints of connectors, per registry. */
  knownConnectorsFile: string;
  /** File with the trusted fingerprints of the keys to which kept credentials are sealed, per registry. */
  knownKeptKeysFile: string;
  /** Folder with this person's logins at upstreams. */
  loginsFolder: string;
  /** The program that shows a web page; undefined: nobody would see it here. */
  browser: string | undefined;
  /** The value of a variable that a credential for a call is read from. */
  secret(variable: string): string | undefined;
  /** What this user typed to run the program: `lethe`, or npm's way to it. */
  command: string;
  /** An environment variable that the user names; undefined if it is unset. */
  variable: (name: string) => string | undefined;
  /** What starts a Lethe here, for a user who runs this program that way. */
  startCommand: string;
}

/** Reads the settings from the environment. An empty variable counts as unset. */
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
    knownKeptKeysFile: join(config, 'lethe', 'known-kept-keys.json'),
    loginsFolder: join(config, 'lethe', 'logins'),
    browser: browserOf(value, process.platform),
    secret: value,
    command: commandOf(env),
    variable: value,
    startCommand: env['npm_lifecycle_event'] === 'lethe' ? 'npm start' : 'npx lethe-gateway',
  });
}

/** Over SSH, a browser would open in front of somebody else, or nobody. */
function browserOf(value: (name: string) => string | undefined, platform: NodeJS.Platform): string | undefined {
  const chosen = value('BROWSER');
  if (chosen !== undefined) return chosen;
  if (value('SSH_CONNECTION') !== undefined) return undefined;
  if (platform === 'darwin') return 'open';
  if (platform === 'win32') return 'rundll32';
  return (value('DISPLAY') ?? value('WAYLAND_DISPLAY')) === undefined ? undefined : 'xdg-open';
}

function commandOf({ npm_lifecycle_event: script, npm_command: npmCommand }: NodeJS.ProcessEnv): string {
  if (script === 'lethe') return 'npm run -s lethe --';
  return npmCommand === 'exec' ? 'npx lethe' : 'lethe';
}
