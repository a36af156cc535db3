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

  it('serves on while a balancer needs to notice, and ends each connection with its answer', async () => {
    const { path } = await serveOne(({ reply }) => reply({ done: true }));
    const proxy = await proxies.start({ LETHE_DRAIN_SECONDS: '2' });
    await servedBy(proxy.url, 's1');
    const call = () => legacy(proxy.url + path, 'tools/call', { name: 'echo' });
    expect((await call()).headers.get('connection')).toBe('keep-alive');
    const begin = performance.now();
    const closed = proxy.close();
    await eventually(async () => expect((await fetch(`${proxy.url}/readyz`)).status).toBe(503));
    const { body, headers } = await call();
    expect([body.result, headers.get('connection')]).toEqual([{ done: true }, 'close']);
    await closed;
    expect(performance.now() - begin).toBeGreaterThan(1_900);
    await expect(fetch(`${proxy.url}/readyz`)).rejects.toThrow();
  });
});
