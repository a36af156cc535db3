import { createLogger, LetheError, Metrics } from '@lethe/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { Caller } from '../auth/authenticator.js';
import { StreamLog } from './stream-log.js';

const CANARY = 'canary-4711';

describe('the stream log', () => {
  let metrics: Metrics;
  let lines: Record<string, unknown>[];
  let streamLog: StreamLog;
  const caller = Caller.open(serverRoutes([{ slug: 'up', mappings: [] }]));

  const opened = { caller, response: { request: { socket: { remoteAddress: '192.0.2.7' }, rawHeaders: [] } } };

  beforeEach(() => {
    lines = [];
    metrics = new Metrics();
    const logger = createLogger('proxy', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
    streamLog = new StreamLog(logger, metrics, ({ socket }) => socket.remoteAddress ?? '');
  });
  const values = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values ?? [];

  it('logs when a stream opens, counts it while it is open, and logs how long it was open and why it ended', async () => {
    const { promise, resolve } = Promise.withResolvers<'client_gone'>();
    const followed = streamLog.follow('listen', opened, () => promise);
    expect(await values('lethe_proxy_streams_open')).toMatchObject([{ labels: { kind: 'listen' }, value: 1 }]);
    expect(lines).toMatchObject([
      { msg: 'Stream opened', caller: caller.id, server: 'server', kind: 'listen', address: '192.0.2.7' },
    ]);
    resolve('client_gone');
    await followed;
    expect(lines[1]).toMatchObject({ msg: 'Stream ended', kind: 'listen', outcome: 'client_gone' });
    expect(lines[1]?.['durationMs']).toBeTypeOf('number');
    expect(lines[1]).not.toHaveProperty('dropped');
    expect(await values('lethe_proxy_streams_open')).toMatchObject([{ value: 0 }]);
    const ended = { kind: 'listen', ended: 'client_gone' };
    expect(await values('lethe_proxy_streams_total')).toMatchObject([{ labels: ended, value: 1 }]);
  });

  it('logs a failure by its error code, and nothing of an unknown error', async () => {
    const fail = (error: Error) => streamLog.follow('session', opened, () => Promise.reject(error));
    await expect(fail(new LetheError('session_unknown', {}, { cause: new Error(CANARY) }))).rejects.toThrow();
    await expect(fail(new Error(CANARY))).rejects.toThrow(CANARY);
    const labels = (await values('lethe_proxy_streams_total')).map(({ labels: own }) => own);
    expect(labels).toEqual([
      { kind: 'session', ended: 'session_unknown' },
      { kind: 'session', ended: 'internal' },
    ]);
    expect(JSON.stringify(lines)).not.toContain(CANARY);
  });
});
