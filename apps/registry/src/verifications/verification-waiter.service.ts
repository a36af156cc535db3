import { Injectable } from '@nestjs/common';
import { VerificationChanges } from './verification-changes.service.js';
import type { Verification } from './verification.entity.js';
import { VerificationsService } from './verifications.service.js';

const POLL_MS = 150;

/** Whether a verification will not change by itself any more. */
export function hasEnded({ state }: Verification): boolean {
  return state !== 'awaiting_credential' && state !== 'running';
}

/** Lets a client wait for the end of a verification: it is told of it at once, or polled for when another replica writes it. */
@Injectable()
export class VerificationWaiter {
  constructor(
    private readonly verifications: VerificationsService,
    private readonly changes: VerificationChanges,
  ) {}

  /** The verification when it has ended, or as it stands after `waitMs`. */
  async wait(ref: string, vid: string, waitMs: number): Promise<Verification> {
    const until = Date.now() + waitMs;
    const changes = this.changes.listen(vid);
    try {
      let verification = await this.verifications.find(ref, vid);
      while (!hasEnded(verification) && Date.now() < until) {
        await changes.next(Math.min(POLL_MS, until - Date.now()));
        verification = await this.verifications.find(ref, vid);
      }
      return verification;
    } finally {
      changes.stop();
    }
  }
}
