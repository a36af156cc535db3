import { SUBJECTS } from '@lethe/contracts';
import { BusHealth } from '@lethe/messaging';
import type { Logger } from '@lethe/platform';
import type { INestApplication } from '@nestjs/common';

/** A connector does not start on a bus that would store sealed credentials. A bus that can't tell yet is asked at each lend. */
export async function refuseCapturedBus(app: INestApplication, logger: Logger): Promise<void> {
  const stream = await app
    .get(BusHealth)
    .findCapturingStream(SUBJECTS.handshake)
    .catch(() => undefined);
  if (stream === undefined) return;
  logger.fatal({ stream, subject: SUBJECTS.handshake }, 'A stream captures the handshake subjects');
  await app.close();
  throw new Error('The bus has a stream that captures the handshake subjects; remove them from it');
}
