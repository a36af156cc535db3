import type { Logger } from '@lethe/platform';
import { type BusOptions, inboxPrefix, timingOf } from '../bus-options.js';
import { NatsLink } from './nats-link.js';
import { natsTarget } from './nats-target.js';

/** Begins to connect, as the service of these options. */
export function openNatsLink(options: BusOptions, natsUrl: string, logger?: Logger): NatsLink {
  const { service } = options;
  const { startWaitMs } = timingOf(options);
  return new NatsLink(natsTarget(natsUrl), `lethe-${service}`, inboxPrefix(service), startWaitMs, logger);
}
