import { LOGGER, type Logger } from '@lethe/platform';
import type { INestApplication } from '@nestjs/common';
import { BusLink } from '../bus-link.js';
import { LetheNatsServer } from './lethe-nats-server.js';
import { RequestSpans } from './request-spans.js';
import { ResponderGate } from './responder-gate.js';
import { ResponderRegistry } from './responder-registry.js';

/**
 * Connects an application's responders and notice handlers to its bus; `await app.startAllMicroservices()` starts them.
 * Global pipes and filters for HTTP do not apply to them.
 */
export function connectResponders(app: INestApplication): void {
  const logger = optionalLogger(app);
  const server = new LetheNatsServer(app.get(BusLink), app.get(ResponderRegistry), logger, app.get(RequestSpans));
  app.get(ResponderGate).guard(server);
  app.connectMicroservice({ strategy: server });
}

function optionalLogger(app: INestApplication): Logger | undefined {
  try {
    return app.get<Logger>(LOGGER, { strict: false });
  } catch {
    return undefined;
  }
}
