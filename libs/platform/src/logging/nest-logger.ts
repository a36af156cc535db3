import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

type Level = 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal';

/** Passes Nest's own log lines to the application's logger: texts unchanged, of anything else only safe facts. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  /** Nest logs its wiring in about a hundred lines per start; they go to level debug. */
  log = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  error = (message: unknown, ...rest: unknown[]): void => this.write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]): void => this.write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]): void => this.write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]): void => this.write('fatal', message, rest);

  /** Nest passes the context last, and a stack before it when there is one; stacks quote messages and are left out. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const last = rest.at(-1);
    const context = typeof last === 'string' && !last.includes('\n') ? last : undefined;
    const hasStack = rest.some((part) => typeof part === 'string' && part.includes('\n'));
    if (message instanceof Error) this.logger[level]({ err: message, context }, 'Failed');
    else if (typeof message !== 'string' || hasStack) this.logger[level]({ context }, 'Failed');
    else this.logger[level]({ context }, message);
  }
}
