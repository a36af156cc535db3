import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { VerificationChanges } from './verification-changes.service.js';
import { hasEnded } from './verification-rows.js';
import type { Verification } from './verification.entity.js';
import { VerificationsService } from './verifications.service.js';

const POLL_MS = 150;

/**
 * Waits for the end of a verification. Changes of this replica are noticed at once, those of other replicas by polling.
 */
@Injectable()
export class VerificationWaiter implements OnModuleDestroy {
  private isEnding = false;

  constructor(
    private readonly verifications: VerificationsService,
    private readonly changes: VerificationChanges,
  ) {}

  onModuleDestroy(): void {
    this.isEnding = true;
  }

  /** Resolves when the verification has ended, or after `waitMs` or when this replica ends, with its present state. */
  async wait(ref: string, vid: string, waitMs: number): Promise<Verification> {
    const until = Date.now() + waitMs;
    const changes = this.changes.listen(vid);
    try {
      let verification = await this.verifications.find(ref, vid);
      while (!hasEnded(verification) && !this.isEnding && Date.now() < until) {
        await changes.next(Math.min(POLL_MS, until - Date.now()));
        verification = await this.verifications.find(ref, vid);
      }
      return verification;
    } finally {
      changes.stop();
    }
  }
}
