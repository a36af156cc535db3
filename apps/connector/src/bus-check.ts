import { SUBJECTS } from '@lethe/contracts';
import { BusHealth } from '@lethe/messaging';
import type { Logger } from '@lethe/platform';
import type { INestApplication } from '@nestjs/common';

/**
 * Refuses to start on a bus that would store sealed credentials. If the bus is not available yet, each reservation checks
 * again.
 */
export async function refuseCapturedBus(app: INestApplication, logger: Logger): Promise<void> {
  const stream = await app
    .get(BusHealth)
    .findCapturingStream(SUBJECTS.handshake)
    .catch(() => undefined);
  if (stream === undefined) return;
  logger.fatal({ stream, subject: SUBJECTS.handshake }, 'A stream captures the handshake subjects');
  await app.close();
  throw new Error('A stream of the bus captures the handshake subjects; remove them from its subjects');
}
