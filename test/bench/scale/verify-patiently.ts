import { setTimeout as pause } from 'node:timers/promises';
import type { Credential } from '@lethe/contracts';
import type { Admin, VerificationView } from '../../support/admin.js';

const FEW_SLOTS = [429, 503];

/** One whole verification; `429` and `503` are honoured as a client does, by asking again after a moment. */
export async function verifyPatiently(
  admin: Admin,
  gateway: string,
  credential: Credential,
): Promise<VerificationView> {
  for (;;) {
    const answer = await admin.request<VerificationView>('POST', `/gateways/${gateway}/verifications`, {});
    if (answer.status === 201) {
      const put = await admin.putCredential(answer.body, await admin.seal(answer.body, credential));
      if (put.status !== 202) throw new Error(`credential: ${put.status} ${JSON.stringify(put.body)}`);
      return admin.finished(gateway, answer.body.id);
    }
    if (!FEW_SLOTS.includes(answer.status)) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    await pause(50 + Math.random() * 50);
  }
}
