import { errorFacts } from './error-facts.js';
import type { Logger } from './logger.js';

/**
 * Logs the failures of work that is repeated for ever: the first one, one of another kind, and that it works again. A database
 * that is away for an hour is two lines, not thousands.
 */
export class RecurringFailure {
  private kind: string | undefined;
  private failures = 0;

  /** @param work what is done, as the subject of a sentence */
  constructor(
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
    private readonly work: string,
  ) {}

  failed(error: unknown): void {
    this.failures += 1;
    const { code, name } = errorFacts(error);
    const kind = code ?? name;
    if (kind === this.kind) return;
    this.kind = kind;
    this.logger.warn({ err: error }, `${this.work} failed; it is tried again`);
  }

  succeeded(): void {
    if (this.failures === 0) return;
    this.logger.info({ count: this.failures }, `${this.work} works again`);
    this.kind = undefined;
    this.failures = 0;
  }
}
