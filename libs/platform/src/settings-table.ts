import * as z from 'zod';
import { CONSOLE_SETTINGS } from './console-settings.js';
import {
  httpUrl,
  list,
  matching,
  network,
  oneOf,
  onOff,
  optional,
  roleClaims,
  set,
  SETTING_INFO,
  type SettingInfo,
  text,
  whole,
  wholeOrAuto,
} from './setting-kinds.js';
import { OTEL_SETTINGS } from './traces/otel-settings.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const MAX_PORT = 65_535;

/** Every setting: its type and rule, its default, its variable, its description. `.env.example` is generated from this. */
export const SETTINGS_SCHEMA = z.object({
  home: set(text(), '.lethe', {
    variable: 'LETHE_HOME',
    group: 'service',
    about: 'Data directory: embedded database, runtime.json, admin-token',
  }),
  host: set(text(), '127.0.0.1', { variable: 'HOST', group: 'service', about: 'Address to listen on' }),
  registryPort: set(whole(0, MAX_PORT), '4400', {
    variable: 'REGISTRY_PORT',
    group: 'service',
    about:
      'Port of the registry. For this and each port below, 0 = any free port ($LETHE_HOME/runtime.json then has the number)',
  }),
  proxyPort: set(whole(0, MAX_PORT), '4500', { variable: 'PROXY_PORT', group: 'service', about: 'Port of the proxy' }),
  doorPort: set(whole(0, MAX_PORT), '4600', {
    variable: 'DOOR_PORT',
    group: 'service',
    about: 'Port of the plaintext door',
  }),
  connectorPort: set(whole(0, MAX_PORT), '4700', {
    variable: 'CONNECTOR_PORT',
    group: 'service',
    about: 'Port for health and metrics of a connector that runs alone',
  }),
  proxyWorkers: set(wholeOrAuto(1, 1_024), '1', {
    variable: 'PROXY_WORKERS',
    group: 'service',
    about:
      'Worker processes of a proxy that runs alone (not with `npm start`); auto = one for each core. Each worker has its own memory, pools and connection to NATS; LETHE_MAX_CONNECTIONS is divided among them',
  }),
  /** Whether MCP requests use the fast path in `apps/proxy/src/http/fast`. */
  proxyFastHttp: set(onOff(), 'on', {
    variable: 'PROXY_FAST_HTTP',
    group: 'service',
    about:
      "on | off; off reads and answers MCP requests through node's own request and response only: slower, to find out whether the fast HTTP path is to blame for a fault",
  }),
  maxConnections: set(whole(1, 1_000_000), '10000', {
    variable: 'LETHE_MAX_CONNECTIONS',
    group: 'service',
    about:
      'Most client connections at the same time to registry or proxy; a further one takes the place of one without an identified caller, or is refused',
  }),
  maxHeaderKib: set(whole(16, 1_024), '256', {
    variable: 'LETHE_MAX_HEADER_KIB',
    group: 'service',
    about:
      'Longest request line and headers together that a proxy accepts, KiB; a client sends the credentials of all its gateways',
  }),
  frontHeaderKib: optional(whole(4, 1_024), {
    variable: 'LETHE_FRONT_HEADER_KIB',
    group: 'service',
    about:
      'Headers together that the balancer or reverse proxy in front of the proxies accepts, KiB: the registry warns of virtual servers that need more; with LETHE_PUBLIC_URL it is 64 unless set',
    example: '64',
  }),
  unreadTimeoutSeconds: set(whole(1, 3_600), '30', {
    variable: 'LETHE_UNREAD_TIMEOUT_SECONDS',
    group: 'service',
    about: 'How long a client may read nothing of a response that waits for it; a slow client is not cut',
  }),
  drainSeconds: set(whole(0, 5), '0', {
    variable: 'LETHE_DRAIN_SECONDS',
    group: 'service',
    about:
      'How long registry or proxy serve on after the signal to end, while /readyz says that they are not ready: as long as a balancer needs to notice',
  }),
  /** May contain a password: never log it. */
  databaseUrl: optional(matching(/^postgres(ql)?:\/\/./, 'must be a postgres:// URL'), {
    variable: 'DATABASE_URL',
    group: 'backends',
    about: 'PostgreSQL; without a database and NATS, everything runs embedded in one process',
    example: 'postgres://lethe:password@127.0.0.1:5432/lethe',
    isSecret: true,
  }),
  /** May contain a password: never log it. */
  natsUrl: optional(matching(/^(nats|tls):\/\/./, 'must be a nats:// or tls:// URL'), {
    variable: 'NATS_URL',
    group: 'backends',
    about: 'NATS, the bus between the services',
    example: 'nats://registry:password@127.0.0.1:4222',
    isSecret: true,
  }),
  natsReplicas: set(whole(1, 5), '1', {
    variable: 'LETHE_NATS_REPLICAS',
    group: 'backends',
    about:
      'Copies of the stream and of each bucket in a NATS cluster, 1 to 5: 3 in a cluster of three or more servers, so that one may fail. The registry changes existing ones; if there are too few servers, it says so and tries again',
  }),
  trustDir: optional(text(), {
    variable: 'LETHE_TRUST',
    group: 'backends',
    about: 'Folder of trust keys (`lethe trust init`); made at the first start in embedded mode, required otherwise',
    example: './trust',
  }),
  adminTokenFile: optional(text(), {
    variable: 'LETHE_ADMIN_TOKEN_FILE',
    group: 'backends',
    about:
      'File with the token that the first administrator gets (`lethe trust admin-token`); without, the registry makes one and writes it to $LETHE_HOME/admin-token',
    example: '/admin/admin-token',
    isSecret: true,
  }),
  publicUrl: optional(httpUrl(), {
    variable: 'LETHE_PUBLIC_URL',
    group: 'addresses',
    about:
      'Public address of the proxy, if a reverse proxy or load balancer stands in front; `lethe serve` prints it as the endpoint',
    example: 'https://mcp.example.com',
  }),
  registryPublicUrl: optional(httpUrl(), {
    variable: 'LETHE_REGISTRY_PUBLIC_URL',
    group: 'addresses',
    about: 'Public address of the registry',
    example: 'https://lethe.example.com',
  }),
  allowedOrigins: set(list(httpUrl()), '', {
    variable: 'LETHE_ALLOWED_ORIGINS',
    group: 'addresses',
    about: 'Browser origins that may send requests, separated by commas',
  }),
  trustedProxies: set(list(network()), '', {
    variable: 'LETHE_TRUSTED_PROXIES',
    group: 'addresses',
    about:
      'Balancers and reverse proxies in front, IP addresses or CIDRs separated by commas: the address of a caller is what their X-Forwarded-For says; otherwise it is that of the connection',
  }),
  allowedUpstreams: optional(list(), {
    variable: 'LETHE_ALLOWED_UPSTREAMS',
    group: 'addresses',
    about:
      'Private upstreams that may be contacted: hosts, host:port or CIDRs; embedded default 127.0.0.0/8,::1,localhost',
    example: '10.0.0.0/8',
  }),
  keptCredentials: set(onOff(), 'off', {
    variable: 'LETHE_KEPT_CREDENTIALS',
    group: 'backends',
    about:
      'on | off; on lets administrators keep sealed credentials for the calls of gateways (registry), and opens them (proxy); set both',
  }),
  adminOidcIssuer: optional(httpUrl(), {
    variable: 'LETHE_ADMIN_OIDC_ISSUER',
    group: 'administrators',
    about:
      'OpenID Connect issuer whose tokens administrators may send to the registry, beside tokens of Lethe; set all three of LETHE_ADMIN_OIDC_* or none',
    example: 'https://login.example.com/realms/main',
  }),
  adminOidcAudience: optional(text(), {
    variable: 'LETHE_ADMIN_OIDC_AUDIENCE',
    group: 'administrators',
    about: 'What the audience (aud) of these tokens must contain',
    example: 'lethe',
  }),
  adminOidcRoles: optional(roleClaims(), {
    variable: 'LETHE_ADMIN_OIDC_ROLES',
    group: 'administrators',
    about:
      'Their claim with groups or roles, and which role each value gives: viewer, editor or admin; the highest counts, * is any token of the issuer',
    example: 'groups:platform-admins=admin,platform=editor,*=viewer',
  }),
  ...CONSOLE_SETTINGS,
  door: optional(onOff(), {
    variable: 'LETHE_DOOR',
    group: 'door',
    about: 'Plaintext door: on | off; on by default only in embedded mode on a loopback address',
    example: 'off',
  }),
  doorUrl: optional(httpUrl(), {
    variable: 'LETHE_DOOR_URL',
    group: 'door',
    about: 'Public address of the door',
    example: 'http://127.0.0.1:4600',
  }),
  slots: optional(whole(1, 32), {
    variable: 'LETHE_SLOTS',
    group: 'handshakes',
    about: 'Slots that wait ready, at most 32; 4 by default, 1 in embedded mode. When none waits, one is started',
    example: '4',
  }),
  handshakeTimeoutMs: set(whole(100, 120_000), '10000', {
    variable: 'LETHE_HANDSHAKE_TIMEOUT_MS',
    group: 'handshakes',
    about: 'Longest duration of one handshake',
  }),
  slotTtlSeconds: set(whole(1, 60), '60', {
    variable: 'LETHE_SLOT_TTL_SECONDS',
    group: 'handshakes',
    about: 'Time a person has to seal a credential, at most 60',
  }),
  sweepMs: set(whole(10, 60_000), '1000', {
    variable: 'LETHE_SWEEP_MS',
    group: 'handshakes',
    about: 'How often the deadlines of verifications are checked',
  }),
  resultMarginMs: set(whole(100, 600_000), '10000', {
    variable: 'LETHE_RESULT_MARGIN_MS',
    group: 'handshakes',
    about: 'How long after the longest handshake its result may still arrive',
  }),
  logLevel: set(oneOf(LOG_LEVELS), 'info', {
    variable: 'LETHE_LOG_LEVEL',
    group: 'logs',
    about: `${LOG_LEVELS.join(' | ')}; on a terminal, \`npm start\` takes warn unless this is set`,
  }),
  ...OTEL_SETTINGS,
});

/** Level of a log. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One setting, with its description. */
export interface SettingRow extends SettingInfo {
  /** Its member of `Settings`. */
  member: string;
  /** The default; if there is none, the member is derived or stays undefined. */
  fallback: string | undefined;
}

/** All settings, read from the schema. */
export const SETTINGS_TABLE: readonly SettingRow[] = Object.entries(SETTINGS_SCHEMA.shape).map(([member, schema]) => {
  const info = SETTING_INFO.get(schema);
  if (info === undefined) throw new Error(`${member}: a setting without a variable`);
  return { ...info, member, fallback: schema.def.type === 'prefault' ? schema.def.defaultValue : undefined };
});
