import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Verification } from './verification.entity.js';
import { VerificationsService } from './verifications.service.js';

const POLL_MS = 150;

/** Whether a verification will not change by itself any more. */
export function hasEnded({ state }: Verification): boolean {
  return state !== 'awaiting_credential' && state !== 'running';
}

/** Lets a client wait for the end of a verification. The end may be written by another replica, so it is polled for. */
@Injectable()
export class VerificationWaiter {
  constructor(@Inject(VerificationsService) private readonly verifications: VerificationsService) {}

  /** The verification when it has ended, or as it stands after `waitMs`. */
  async wait(ref: string, vid: string, waitMs: number): Promise<Verification> {
    const until = Date.now() + waitMs;
    let verification = await this.verifications.find(ref, vid);
    while (!hasEnded(verification) && Date.now() < until) {
      await pause(Math.min(POLL_MS, until - Date.now()));
      verification = await this.verifications.find(ref, vid);
    }
    return verification;
  }
}
