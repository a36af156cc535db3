import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { misspeltSettings } from './misspelt-settings.js';
import { exposingFlags } from './process-memory.js';
import { SETTINGS_SCHEMA, SETTINGS_TABLE } from './settings-table.js';

const LOOPBACK_UPSTREAMS = ['127.0.0.0/8', '::1', 'localhost'];

type Read = z.output<typeof SETTINGS_SCHEMA>;

/** All settings, read once at start and frozen. `home` is an absolute path. */
export type Settings = Readonly<Read> & {
  /** Whether the plaintext door is open. */
  readonly door: boolean;
  readonly allowedUpstreams: string[];
  readonly slots: number;
  /** Whether this is one process with embedded database and bus: no other ones are set. */
  readonly isEmbedded: boolean;
  /** What was set, by its member, as it was written; of a secret, only that it was. */
  readonly given: ReadonlyMap<string, string | undefined>;
};

/** Injection token of `Settings`. */
export const Settings = Symbol('Settings');

/** What a service asks of its settings. */
export interface Demands<K extends keyof Read> {
  /** Settings without a default that this service can't do without. */
  required?: readonly K[];
  /** Is told of variables that are probably misspelt settings. */
  warn?: (line: string) => void;
}

/**
 * Reads and checks all settings. The environment is not read again afterwards. An empty value counts as absent.
 * @throws Error that names every wrong variable and its rule, never a value
 */
export function readSettings<K extends keyof Read = never>(
  env: NodeJS.ProcessEnv,
  { required = [], warn }: Demands<K> = {},
): Settings & { readonly [M in K]: NonNullable<Read[M]> } {
  const texts = Object.fromEntries(SETTINGS_TABLE.map(({ variable, member }) => [member, env[variable] || undefined]));
  const { data, error } = SETTINGS_SCHEMA.safeParse(texts);
  const misspelt = misspeltSettings(env);
  const broken = [
    ...brokenRules(error),
    ...missing(texts, required),
    ...halfSet(texts),
    ...consoleRules(texts),
    ...forbidden(env),
  ];
  if (data === undefined || broken.length > 0 || !hasAll(data, required)) {
    throw new Error([...broken, ...misspelt].join('; '));
  }
  for (const line of misspelt) warn?.(line);
  return Object.freeze({ ...data, ...derive(data), given: givenOf(texts) });
}

/** The first broken rule of each setting. Its message is a fixed text of the schema. */
function brokenRules(error: z.ZodError | undefined): string[] {
  const rules = new Map<PropertyKey | undefined, string>();
  for (const { path, message } of error?.issues ?? []) if (!rules.has(path[0])) rules.set(path[0], message);
  return [...rules].map(([member, rule]) => `${variableOf(member)}: ${rule}`);
}

function missing(texts: Record<string, string | undefined>, required: readonly string[]): string[] {
  return required
    .filter((member) => texts[member] === undefined)
    .map((member) => `${variableOf(member)}: required when this service runs as its own process`);
}

/** Settings that mean nothing without each other. */
const TOGETHER = ['adminOidcIssuer', 'adminOidcAudience', 'adminOidcRoles'];

function halfSet(texts: Record<string, string | undefined>): string[] {
  const absent = TOGETHER.filter((member) => texts[member] === undefined);
  if (absent.length === TOGETHER.length) return [];
  const given = TOGETHER.filter((member) => !absent.includes(member)).map(variableOf);
  return absent.map((member) => `${variableOf(member)}: required with ${given.join(' and ')}`);
}

/** The console signs people in at the issuer that the registry trusts, and OpenID Connect begins with its scope. */
function consoleRules(texts: Record<string, string | undefined>): string[] {
  const { adminOidcIssuer: issuer, consoleOidcClientId: client, consoleOidcScope: scope = 'openid' } = texts;
  return [
    ...(client !== undefined && issuer === undefined
      ? [`${variableOf('consoleOidcClientId')}: needs ${variableOf('adminOidcIssuer')}`]
      : []),
    ...(scope.split(' ').includes('openid') ? [] : [`${variableOf('consoleOidcScope')}: must contain openid`]),
  ];
}

function givenOf(texts: Record<string, string | undefined>): Settings['given'] {
  const rows = SETTINGS_TABLE.filter(({ member }) => texts[member] !== undefined);
  return new Map(rows.map(({ member, isSecret }) => [member, isSecret ? undefined : texts[member]]));
}

/** For a service of its own; one process that has everything may be debugged. */
function forbidden(env: NodeJS.ProcessEnv): string[] {
  const { NODE_DEBUG, NODE_OPTIONS = '', DATABASE_URL, NATS_URL, LETHE_KEPT_CREDENTIALS } = env;
  if (!DATABASE_URL && !NATS_URL) return [];
  const flags = LETHE_KEPT_CREDENTIALS === 'on' ? exposingFlags([NODE_OPTIONS, ...process.execArgv]) : [];
  return [
    ...(NODE_DEBUG ? ['NODE_DEBUG: must not be set, it prints headers'] : []),
    ...flags.map((flag) => `${flag}: must not be used with LETHE_KEPT_CREDENTIALS, it shows memory to others`),
  ];
}

function hasAll<K extends keyof Read>(
  data: Read,
  members: readonly K[],
): data is Read & { readonly [M in K]: NonNullable<Read[M]> } {
  return members.every((member) => data[member] !== undefined);
}

function variableOf(member: PropertyKey | undefined): string {
  return SETTINGS_TABLE.find((row) => row.member === member)?.variable ?? 'settings';
}

function derive({
  home,
  host,
  databaseUrl,
  natsUrl,
  door,
  allowedUpstreams,
  slots,
}: Read): Pick<Settings, 'home' | 'isEmbedded' | 'door' | 'allowedUpstreams' | 'slots'> {
  const isEmbedded = databaseUrl === undefined && natsUrl === undefined;
  return {
    home: resolve(home),
    isEmbedded,
    door: door ?? (isEmbedded && isLoopback(host)),
    allowedUpstreams: allowedUpstreams ?? (isEmbedded ? LOOPBACK_UPSTREAMS : []),
    slots: slots ?? (isEmbedded ? 1 : 4),
  };
}

/** Whether a host to listen on is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
