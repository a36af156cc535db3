import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { readUpstreams } from './upstreams.js';

it('takes no gateway whose name would be more than a word in the command that people are told to run', async () => {
  const named = { gateway: 'tracker' };
  const server = createServer((_request, response) => {
    const items = [{ ...named, name: 'Tracker', origin: 'https://tracker.example', eras: [], headers: [] }];
    response.end(JSON.stringify({ items }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/servers/team`;
  const read = () => readUpstreams({ mcp: `${url}/mcp`, upstreams: `${url}/upstreams` }, undefined);
  expect(await read()).toMatchObject([named]);
  for (named.gateway of ['tracker; reboot', '--device', '$(reboot)', 'a\nb', ''])
    await expect(read()).rejects.toThrow();
  await new Promise((resolve) => server.close(resolve));
});
