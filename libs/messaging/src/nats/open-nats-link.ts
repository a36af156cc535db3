import type { Logger } from '@lethe/platform';
import { type BusOptions, inboxPrefix, timingOf } from '../bus-options.js';
import { NatsLink } from './nats-link.js';
import { natsTarget } from './nats-target.js';

/** Waits a few seconds for the bus. A bus that rejects this service stops the start. */
export async function openNatsLink(options: BusOptions, natsUrl: string, logger?: Logger): Promise<NatsLink> {
  const { service } = options;
  const { startWaitMs } = timingOf(options);
  const link = new NatsLink(natsTarget(natsUrl), `lethe-${service}`, inboxPrefix(service), startWaitMs, logger);
  await link.connectedOrTimedOut();
  return link;
}
