import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger, type LoggerOptions } from 'pino';
import type { LogLevel } from '../settings-table.js';
import { errorFacts } from './error-facts.js';

/** Logger of an application. */
export type Logger = PinoLogger;

/** Injection token of an application's logger (provided by `OpsModule`). */
export const LOGGER = Symbol('LOGGER');

/** The only fields that are logged, beside `err`: identifiers, counts, closed codes. Never a value from a request. */
const ALLOWED_FIELDS = new Set([
  ...['service', 'worker', 'address', 'tool', 'prompt', 'client', 'traceId'],
  ...[
    'context',
    'requestId',
    'method',
    'route',
    'status',
    'durationMs',
    'code',
    'reason',
    'outcome',
    'limit',
    'credentialLife',
    'state',
    'pid',
  ],
  ...[
    'gateway',
    'gatewayId',
    'server',
    'serverId',
    'vid',
    'slot',
    'connector',
    'attempt',
    'revision',
    'configRevision',
  ],
  ...[
    'subject',
    'consumer',
    'eventId',
    'deliveries',
    'bucket',
    'key',
    'stream',
    'caller',
    'keyId',
    'administrator',
    'kid',
  ],
  ...[
    'count',
    'requests',
    'bytes',
    'port',
    'host',
    'signal',
    'version',
    'path',
    'table',
    'era',
    'kind',
    'setting',
    'migrations',
  ],
]);
const MAX_STRING = 256;

function safeValue(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_STRING);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return Array.isArray(value) ? value.slice(0, 20).map(safeValue) : `(${typeof value})`;
}

/** Keeps only allowed fields. Of a dropped field the name is logged, which is a word of our own code. */
export function allowedFields(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (name === 'err') kept[name] = errorFacts(value);
    else if (ALLOWED_FIELDS.has(name)) kept[name] = safeValue(value);
    else dropped.push(name);
  }
  return dropped.length === 0 ? kept : { ...kept, dropped };
}

/** Without this, pino uses an error's message as the line's text and formats further arguments into it. */
function safeArguments([first, text]: readonly unknown[]): [object, string] | [string] {
  if (typeof first === 'string') return [first];
  const fields = first instanceof Error ? { err: first } : { ...(typeof first === 'object' ? first : {}) };
  return [fields, typeof text === 'string' ? text : 'err' in fields ? 'Failed' : ''];
}

/** Fields that a child logger adds to every line are serialised separately, so they are filtered here. */
function guardChildren(logger: Logger): Logger {
  const child = logger.child.bind(logger);
  return Object.assign(logger, {
    child: (bindings: Record<string, unknown>) => guardChildren(child(allowedFields(bindings))),
  });
}

/** The service and process that every line names. */
export interface LineOrigin {
  readonly service: string;
  /** The number of this process, when the service runs in several. */
  readonly worker?: number;
}

/** Creates the JSON logger of one application. Every line has its origin, a fixed text and only allowed fields. */
export function createLogger(origin: LineOrigin | string, level: LogLevel, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: typeof origin === 'string' ? { service: origin } : origin,
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: (facts: unknown) => facts },
    formatters: { log: allowedFields, level: (label) => ({ level: label }) },
    hooks: {
      logMethod(given, write) {
        write.apply(this, safeArguments(given));
      },
    },
  };
  return guardChildren(destination ? pino(options, destination) : pino(options));
}
