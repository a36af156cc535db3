import { CancelVerification as CancelRequest, cancelSubject } from '@lethe/contracts';
import { RequestClient, RequestFailed } from '@lethe/messaging';
import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { VerificationChanges } from './verification-changes.service.js';
import type { Verification } from './verification.entity.js';
import { VerificationsService } from './verifications.service.js';

/** A connector answers when the process is gone. */
const TIMEOUT_MS = 2_500;

/**
 * Ends a verification that waits for a credential or runs. The record is ended first: whatever the connector still reports
 * changes nothing, and its slot ends by itself if the connector can't be reached.
 */
@Injectable()
export class CancelVerification {
  constructor(
    private readonly verifications: VerificationsService,
    private readonly requests: RequestClient,
    private readonly changes: VerificationChanges,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Returns the verification as it has ended, which may have been before.
   * @throws LetheError `not_found`
   */
  async cancel(ref: string, vid: string): Promise<Verification> {
    const verification = await this.verifications.cancel(ref, vid);
    this.changes.announce(verification.id);
    await this.freeSlot(verification);
    return verification;
  }

  /** Ends the slot of a cancelled verification; does nothing for others, and without a slot. */
  async freeSlot({ id: vid, code, connector, slot }: Verification): Promise<void> {
    if (code !== 'cancelled' || typeof connector !== 'string' || typeof slot !== 'string') return;
    try {
      const request = Object.assign(new CancelRequest(), { vid, slot });
      await this.requests.request(CancelRequest, request, {
        subject: cancelSubject(connector),
        timeoutMs: TIMEOUT_MS,
      });
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      this.logger.warn({ vid, reason: error.reason }, 'The connector did not answer: the slot ends by itself');
    }
  }
}
