import { afterEach, describe, expect, it } from 'vitest';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import { startScriptedUpstream, type Upstream } from '@test/support/upstreams/index.js';
import { ConnectionPools } from '../../upstream/upstream-client.js';
import { ModernNotifications } from './modern-notifications.js';

const CHANGED = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
const ACKNOWLEDGED = {
  jsonrpc: '2.0',
  method: 'notifications/subscriptions/acknowledged',
  params: { notifications: { toolsListChanged: true } },
};

describe('notifications of a modern upstream', () => {
  const pools = new ConnectionPools({ allowed: ['127.0.0.0/8'] });
  let upstream: Upstream | undefined;
  afterEach(() => Promise.all([pools.close(), upstream?.close()]));

  it('are no requests: their ids would reach the client as they are', async () => {
    const messages = [ACKNOWLEDGED, { ...CHANGED, id: 5 }, { ...CHANGED, id: null }, CHANGED];
    upstream = await startScriptedUpstream(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(messages.map((message) => `data: ${JSON.stringify(message)}\n\n`).join(''));
    });
    const received: string[] = [];
    const { promise: ended, resolve } = Promise.withResolvers<unknown>();
    const listener = {
      notification: (_method: string, json: string) => void received.push(json),
      ended: () => resolve(undefined),
    };
    const wanted = { lists: ['tools' as const], uris: [] };
    const signal = AbortSignal.timeout(10_000);
    await new ModernNotifications(pools).open(credentialsFor(upstream.url), wanted, listener, signal);
    await ended;
    expect(received).toEqual([JSON.stringify(CHANGED)]);
  });
});
