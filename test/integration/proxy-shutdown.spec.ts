import { expect, it } from 'vitest';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy } from '../support/proxy/rpc.js';

describeProxies('a proxy that ends', 1, ({ proxies, serveOne }) => {
  it('finishes the calls that run, and loses none', async () => {
    let answer = (): void => undefined;
    const { path, upstream } = await serveOne(({ reply }) => {
      answer = () => reply({ done: true });
    });
    const proxy = await proxies.start();
    await servedBy(proxy.url, 's1');
    const running = legacy(proxy.url + path, 'tools/call', { name: 'echo' });
    await eventually(() => expect(upstream.received).toHaveLength(1));
    const closed = proxy.close();
    await eventually(async () => expect((await fetch(`${proxy.url}/readyz`)).status).toBe(503));
    answer();
    expect((await running).body.result).toEqual({ done: true });
    await closed;
    await expect(fetch(`${proxy.url}/readyz`)).rejects.toThrow();
  });
});
