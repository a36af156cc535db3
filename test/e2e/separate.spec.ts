import { describe } from 'vitest';
import { realPartsAvailable } from '../support/real-parts.js';
import { startSeparate } from '../support/separate.js';
import { describeWholePath } from './whole-path.suite.js';

describe.runIf(realPartsAvailable())('separate services', () => {
  describeWholePath('three services and two proxies over PostgreSQL and NATS', 'path.separate', async () => {
    const separate = await startSeparate();
    return { admin: separate.admin, clientUrl: separate.balancer.url, stop: separate.stop };
  });
});
