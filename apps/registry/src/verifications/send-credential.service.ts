import { type HandshakeReplyClaims, handshakeSubject, OpenCredential } from '@lethe/contracts';
import { RequestClient, RequestFailed } from '@lethe/messaging';
import { LetheError } from '@lethe/platform';
import { SealingError, Trust } from '@lethe/sealing';
import { Injectable } from '@nestjs/common';
import { HandshakeSubjects } from './handshake-subjects.service.js';
import type { Verification } from './verification.entity.js';
import { VerificationsService } from './verifications.service.js';

/** The handshake process opens the envelope within two seconds, or never. */
const TIMEOUT_MS = 2_500;

/**
 * Sends the sealed credential to its slot at most once, and neither reads nor stores it. Step 4 of the credential's
 * flow in ARCHITECTURE.md.
 */
@Injectable()
export class SendCredential {
  constructor(
    private readonly verifications: VerificationsService,
    private readonly requests: RequestClient,
    private readonly subjects: HandshakeSubjects,
    private readonly trust: Trust,
  ) {}

  /** @throws LetheError `not_found`, `slot_gone`, `credential_refused`, `bus_captured`, `bus_unavailable` */
  async send(ref: string, vid: string, sealed: string): Promise<void> {
    await this.subjects.refuseCaptured();
    const { verification, isClaimed } = await this.verifications.claim(ref, vid);
    const { connector, slot } = verification;
    if (!isClaimed || typeof connector !== 'string' || typeof slot !== 'string') throw new LetheError('slot_gone');
    const reply = await this.request(verification.id, handshakeSubject(connector, slot), sealed);
    await this.conclude(verification, await this.read(verification, reply));
  }

  /**
   * Sends the envelope and returns the signed reply. The kind of failure decides the next state of the verification.
   */
  private async request(vid: string, subject: string, sealed: string): Promise<string> {
    try {
      const payload = Object.assign(new OpenCredential(), { vid, sealed });
      return (await this.requests.request(OpenCredential, payload, { subject, timeoutMs: TIMEOUT_MS })).reply;
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.reason === 'disconnected') {
        await this.verifications.resolveClaim(vid, 'awaiting_credential');
        throw new LetheError('bus_unavailable');
      }
      if (error.reason === 'invalid_reply') return this.fail(vid, 'bus_captured');
      if (error.reason === 'no_responders') return this.fail(vid, 'slot_gone');
      // The envelope may have been opened: the result or the deadline decides.
      throw new LetheError('slot_gone');
    }
  }

  /** Reads a reply, which must be signed by a connector for this verification and slot. */
  private async read({ id, slot }: Verification, reply: string): Promise<HandshakeReplyClaims> {
    try {
      const claims = await this.trust.verify<HandshakeReplyClaims>('handshakeReply', reply);
      if (claims.vid === id && claims.slot === slot) return claims;
    } catch (error) {
      if (!(error instanceof SealingError)) throw error;
    }
    return this.fail(id, 'bus_captured');
  }

  private async conclude({ id }: Verification, { status, code }: HandshakeReplyClaims): Promise<void> {
    if (status === 'accepted') return;
    if (status === 'slot_gone') {
      await this.verifications.resolveClaim(id, 'expired');
      throw new LetheError('slot_gone');
    }
    await this.verifications.resolveClaim(id, 'failed', code ?? 'envelope_invalid');
    throw new LetheError('credential_refused', { reason: code ?? 'envelope_invalid' });
  }

  private async fail(vid: string, code: 'bus_captured' | 'slot_gone'): Promise<never> {
    await this.verifications.resolveClaim(vid, 'lost', code);
    throw new LetheError(code);
  }
}
