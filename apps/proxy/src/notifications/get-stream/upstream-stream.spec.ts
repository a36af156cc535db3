import { LetheError } from '@lethe/platform';
import { expect, it } from 'vitest';
import { UpstreamStream, type UpstreamStreamOptions } from './upstream-stream.js';

it('is tried again later while there is no kept credential to send, and fails nobody', async () => {
  const over = new AbortController();
  let asked = 0;
  const credentials = {
    get headers(): never {
      asked += 1;
      over.abort();
      throw new LetheError('gateway_unavailable', { gateway: 'up', why: 'kept_token' });
    },
  };
  const options = {
    ...{ credentials, upstream: { id: 's', version: '2025-11-25' }, after: undefined },
    notifications: () => ({ finish: () => undefined }),
  };
  // Only what a stream reads that is never open.
  const stream = new UpstreamStream(options as unknown as UpstreamStreamOptions);
  await expect(stream.run(over.signal, () => undefined)).resolves.toBe(false);
  expect(asked).toBe(1);
});
