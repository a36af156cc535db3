import { availableParallelism } from 'node:os';

/** How a setting's text becomes a value. Each returns `undefined` for a text that it can't read. */
const READERS = {
  text: (text: string): string => text,
  whole: (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  wholeOrAuto: (text: string): number | undefined => (text === 'auto' ? availableParallelism() : READERS.whole(text)),
  list: (text: string): string[] => text.split(',').flatMap((part) => part.trim() || []),
  onOff: (text: string): boolean | undefined => ({ on: true, off: false })[text],
} as const;

/** What a text must be; any text is a text or a list. */
const RULES: Record<SettingReader, string> = {
  text: 'text',
  whole: 'a whole number',
  wholeOrAuto: 'a whole number or auto',
  list: 'a list',
  onOff: 'on or off',
};

export type SettingReader = keyof typeof READERS;

/** One setting: its variable, the member of `Settings` it fills, how it is read, and what people are told of it. */
export interface SettingRow {
  variable: string;
  member: string;
  reader: SettingReader;
  /** The text taken when the variable is absent; without it the member is derived or stays undefined. */
  fallback?: string;
  about: string;
}

/** The one table of settings. `.env.example` names exactly these (a test compares them). */
export const SETTINGS_TABLE = [
  { variable: 'LETHE_HOME', member: 'home', reader: 'text', fallback: '.lethe', about: 'Data directory' },
  { variable: 'HOST', member: 'host', reader: 'text', fallback: '127.0.0.1', about: 'Address to listen on' },
  { variable: 'REGISTRY_PORT', member: 'registryPort', reader: 'whole', fallback: '4400', about: '0 = any free port' },
  { variable: 'PROXY_PORT', member: 'proxyPort', reader: 'whole', fallback: '4500', about: '0 = any free port' },
  {
    variable: 'PROXY_WORKERS',
    member: 'proxyWorkers',
    reader: 'wholeOrAuto',
    fallback: '1',
    about: 'Processes that serve the port of a proxy that runs alone; auto = one for each core',
  },
  {
    variable: 'PROXY_FAST_HTTP',
    member: 'proxyFastHttp',
    reader: 'onOff',
    fallback: 'on',
    about: "on | off; off reads and answers MCP requests through node's own request and response only",
  },
  { variable: 'DOOR_PORT', member: 'doorPort', reader: 'whole', fallback: '4600', about: 'Plaintext door' },
  { variable: 'CONNECTOR_PORT', member: 'connectorPort', reader: 'whole', fallback: '4700', about: 'Health, metrics' },
  {
    variable: 'LETHE_MAX_CONNECTIONS',
    member: 'maxConnections',
    reader: 'whole',
    fallback: '10000',
    about: 'Clients connected at once to registry or proxy; more are turned away',
  },
  { variable: 'DATABASE_URL', member: 'databaseUrl', reader: 'text', about: 'PostgreSQL; absent = embedded' },
  { variable: 'NATS_URL', member: 'natsUrl', reader: 'text', about: 'nats://user:password@host; absent = embedded' },
  { variable: 'LETHE_TRUST', member: 'trustDir', reader: 'text', about: 'Folder of trust keys' },
  { variable: 'LETHE_PUBLIC_URL', member: 'publicUrl', reader: 'text', about: "Proxy's address as clients see it" },
  {
    variable: 'LETHE_REGISTRY_PUBLIC_URL',
    member: 'registryPublicUrl',
    reader: 'text',
    about: "Registry's address as people see it",
  },
  {
    variable: 'LETHE_DOOR',
    member: 'door',
    reader: 'onOff',
    about: 'on | off; on by itself when embedded on loopback',
  },
  { variable: 'LETHE_DOOR_URL', member: 'doorUrl', reader: 'text', about: "Door's address as people see it" },
  {
    variable: 'LETHE_ALLOWED_ORIGINS',
    member: 'allowedOrigins',
    reader: 'list',
    fallback: '',
    about: 'Browser origins',
  },
  {
    variable: 'LETHE_ALLOWED_UPSTREAMS',
    member: 'allowedUpstreams',
    reader: 'list',
    about: 'Private upstreams: hosts, host:port, CIDRs; embedded default 127.0.0.0/8,::1,localhost',
  },
  { variable: 'LETHE_SLOTS', member: 'slots', reader: 'whole', fallback: '4', about: 'Free slots kept ready' },
  {
    variable: 'LETHE_HANDSHAKE_TIMEOUT_MS',
    member: 'handshakeTimeoutMs',
    reader: 'whole',
    fallback: '10000',
    about: 'How long one handshake may take',
  },
  {
    variable: 'LETHE_SLOT_TTL_SECONDS',
    member: 'slotTtlSeconds',
    reader: 'whole',
    fallback: '60',
    about: 'Time to seal, at most 60',
  },
  {
    variable: 'LETHE_SWEEP_MS',
    member: 'sweepMs',
    reader: 'whole',
    fallback: '1000',
    about: 'How often deadlines of verifications are looked at',
  },
  {
    variable: 'LETHE_RESULT_MARGIN_MS',
    member: 'resultMarginMs',
    reader: 'whole',
    fallback: '10000',
    about: 'How long after the longest handshake its result may still arrive',
  },
  {
    variable: 'LETHE_LOG_LEVEL',
    member: 'logLevel',
    reader: 'text',
    fallback: 'info',
    about: 'trace ... fatal, silent',
  },
] as const satisfies readonly SettingRow[];

/** Reads one row from the environment; an empty text counts as absent. */
export function readRow(row: SettingRow, env: NodeJS.ProcessEnv): unknown {
  const text = env[row.variable] || row.fallback;
  if (text === undefined) return undefined;
  const value = READERS[row.reader](text);
  if (value === undefined) throw new Error(`${row.variable}: must be ${RULES[row.reader]}`);
  return value;
}
