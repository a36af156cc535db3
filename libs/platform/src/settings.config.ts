import { isIP } from 'node:net';
import { resolve } from 'node:path';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  validateSync,
} from 'class-validator';
import { readRow, SETTINGS_TABLE } from './settings-table.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
const MAX_PORT = 65_535;
const HTTP_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true };
const LOOPBACK_UPSTREAMS = ['127.0.0.0/8', '::1', 'localhost'];

/** Everything that can be set, read once at start and frozen. */
export class Settings {
  /** Data directory, absolute. */
  @IsString() @IsNotEmpty() readonly home!: string;
  @IsString() @IsNotEmpty() readonly host!: string;
  /** Ports: 0 = any free port. */
  @IsInt() @Min(0) @Max(MAX_PORT) readonly registryPort!: number;
  @IsInt() @Min(0) @Max(MAX_PORT) readonly proxyPort!: number;
  @IsInt() @Min(0) @Max(MAX_PORT) readonly doorPort!: number;
  @IsInt() @Min(0) @Max(MAX_PORT) readonly connectorPort!: number;
  /** Processes that serve the port of a proxy that runs alone. */
  @IsInt() @Min(1) @Max(1_024) readonly proxyWorkers!: number;
  /** MCP requests are read and answered by the faster way of `apps/proxy/src/http/fast`. */
  @IsBoolean() readonly proxyFastHttp!: boolean;
  /** Clients connected at once to one service. */
  @IsInt() @Min(1) @Max(1_000_000) readonly maxConnections!: number;
  /** May carry a password: never log it. */
  @IsOptional() @Matches(/^postgres(ql)?:\/\/./) readonly databaseUrl?: string;
  /** May carry a password: never log it. */
  @IsOptional() @Matches(/^(nats|tls):\/\/./) readonly natsUrl?: string;
  @IsOptional() @IsString() readonly trustDir?: string;
  @IsOptional() @IsUrl(HTTP_URL) readonly publicUrl?: string;
  @IsOptional() @IsUrl(HTTP_URL) readonly registryPublicUrl?: string;
  /** The plaintext door is open. */
  @IsBoolean() readonly door!: boolean;
  @IsOptional() @IsUrl(HTTP_URL) readonly doorUrl?: string;
  @IsArray() @IsUrl(HTTP_URL, { each: true }) readonly allowedOrigins!: string[];
  /** Hosts, host:port or CIDRs of private upstreams that may be dialled. */
  @IsArray() @IsString({ each: true }) readonly allowedUpstreams!: string[];
  @IsInt() @Min(1) @Max(32) readonly slots!: number;
  @IsInt() @Min(100) @Max(120_000) readonly handshakeTimeoutMs!: number;
  @IsInt() @Min(1) @Max(60) readonly slotTtlSeconds!: number;
  @IsInt() @Min(10) @Max(60_000) readonly sweepMs!: number;
  @IsInt() @Min(100) @Max(600_000) readonly resultMarginMs!: number;
  @IsIn(LOG_LEVELS) readonly logLevel!: LogLevel;
  /** One process on embedded parts: neither a database nor a bus was named. */
  @IsBoolean() readonly isEmbedded!: boolean;
}

/**
 * Reads and checks all settings; the environment is not looked at again.
 * @throws Error that names the variable and the rule, never the value
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const read: Record<string, unknown> = {};
  for (const row of SETTINGS_TABLE) read[row.member] = readRow(row, env);
  const settings = Object.assign(new Settings(), read, derive(read));
  const [broken] = validateSync(settings);
  if (broken) throw new Error(`${variableOf(broken.property)}: ${Object.keys(broken.constraints ?? {}).join(', ')}`);
  if (!settings.isEmbedded && env['NODE_DEBUG']) throw new Error('NODE_DEBUG: must not be set, it prints headers');
  return Object.freeze(settings);
}

function derive(read: Record<string, unknown>): Partial<Settings> {
  const isEmbedded = read['databaseUrl'] === undefined && read['natsUrl'] === undefined;
  const door = read['door'] ?? (isEmbedded && isLoopback(String(read['host'])));
  return {
    home: resolve(String(read['home'])),
    isEmbedded,
    door: door === true,
    ...(read['allowedUpstreams'] === undefined && { allowedUpstreams: isEmbedded ? LOOPBACK_UPSTREAMS : [] }),
  };
}

function variableOf(member: string): string {
  return SETTINGS_TABLE.find((row) => row.member === member)?.variable ?? member;
}

/** Whether a host to listen on is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
