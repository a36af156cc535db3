import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { SETTINGS_SCHEMA, SETTINGS_TABLE } from './settings-table.js';

const LOOPBACK_UPSTREAMS = ['127.0.0.0/8', '::1', 'localhost'];

type Read = z.output<typeof SETTINGS_SCHEMA>;

/** All settings, read once at start and frozen. `home` is an absolute path. */
export type Settings = Readonly<Read> & {
  /** Whether the plaintext door is open. */
  readonly door: boolean;
  readonly allowedUpstreams: string[];
  /** Whether this is one process with embedded database and bus: no other ones are set. */
  readonly isEmbedded: boolean;
};

/** Injection token of `Settings`. */
export const Settings = Symbol('Settings');

/**
 * Reads and checks all settings. The environment is not read again afterwards. An empty value counts as absent.
 * @throws Error that names the variable and the rule, never the value
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const texts = Object.fromEntries(SETTINGS_TABLE.map(({ variable, member }) => [member, env[variable] || undefined]));
  const { data, error } = SETTINGS_SCHEMA.safeParse(texts);
  if (error) throw new Error(brokenRule(error));
  const settings = { ...data, ...derive(data) };
  if (!settings.isEmbedded && env['NODE_DEBUG']) throw new Error('NODE_DEBUG: must not be set, it prints headers');
  return Object.freeze(settings);
}

/** The first broken rule. Its message is a fixed text of the schema. */
function brokenRule({ issues: [issue] }: z.ZodError): string {
  const row = SETTINGS_TABLE.find(({ member }) => member === issue?.path[0]);
  return `${row?.variable ?? 'settings'}: ${issue?.message ?? 'can not be read'}`;
}

function derive({
  home,
  host,
  databaseUrl,
  natsUrl,
  door,
  allowedUpstreams,
}: Read): Pick<Settings, 'home' | 'isEmbedded' | 'door' | 'allowedUpstreams'> {
  const isEmbedded = databaseUrl === undefined && natsUrl === undefined;
  return {
    home: resolve(home),
    isEmbedded,
    door: door ?? (isEmbedded && isLoopback(host)),
    allowedUpstreams: allowedUpstreams ?? (isEmbedded ? LOOPBACK_UPSTREAMS : []),
  };
}

/** Whether a host to listen on is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
