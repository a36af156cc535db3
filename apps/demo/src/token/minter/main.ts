import { sealCredential, SealingError, verifySlotOffer } from '@lethe/sealing';
import type { SealAnswer, SealOrder, TokenFacts } from '../../processes/one-shot.js';
import { mintToken } from '../../search/marked-token.js';

// Creates the registration token, seals it once and ends. It reveals hashes and the sealed envelope; the token itself
// never leaves this process.
const { token, ...facts } = mintToken();
process.once('disconnect', () => process.exit(1));
process.once('message', (order: SealOrder) => {
  void seal(order).then((answer) => process.send?.(answer, () => process.exit(0)));
});
process.send?.(facts satisfies TokenFacts);

async function seal({ offer, identities }: SealOrder): Promise<SealAnswer> {
  try {
    const claims = await verifySlotOffer(offer, identities, Math.floor(Date.now() / 1000));
    return { sealed: await sealCredential(claims, { scheme: 'bearer', token }) };
  } catch (error) {
    return { refused: error instanceof SealingError ? error.code : 'failed' };
  }
}
