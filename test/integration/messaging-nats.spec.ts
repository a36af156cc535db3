import { randomUUID } from 'node:crypto';
import { BUCKETS, EVENT_STREAM, handshakeSubject, OpenCredential } from '@lethe/contracts';
import {
  BusHealth,
  type BusTiming,
  EventPublisher,
  type EventHandler,
  OnEvent,
  RequestClient,
  ResponderRegistry,
  SnapshotStore,
  type SnapshotEntry,
} from '@lethe/messaging';
import type { INestApplication, Type } from '@nestjs/common';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { IsString } from 'class-validator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startBusApp } from '../support/messaging-app.js';
import { isNatsServerAvailable, type NatsServer, startNatsServer } from '../support/nats-server.js';
import { natsConfiguration, natsPasswords, type NatsUser } from '../support/nats-users.js';
import { verifies } from '../requirements.js';

const TIMING: BusTiming = {
  retryDelaysMs: [10, 20],
  ackWaitMs: 600,
  watchCheckMs: 100,
  fetchMs: 1_000,
  publishTimeoutMs: 10_000,
  startWaitMs: 300,
};

/** A plain durable event for these tests, on a subject of the events' stream. */
class Ping {
  static readonly subject = EVENT_STREAM.subjects[0];

  @IsString() text!: string;
}

function recorder(): { seen: string[]; handler: Type } {
  const seen: string[] = [];
  @OnEvent(Ping)
  class Record implements EventHandler<Ping> {
    async handle(event: Ping): Promise<void> {
      seen.push(event.text);
    }
  }
  return { seen, handler: Record };
}

const ping = (text: string): Ping => ({ text });

describe.skipIf(!isNatsServerAvailable())('the bus over a NATS server that fails', () => {
  let server: NatsServer;
  let operator: NatsConnection;
  let manager: JetStreamManager;
  const apps: INestApplication[] = [];

  const app = async (service: string, parts: Parameters<typeof startBusApp>[1] = {}, natsUrl = server.url) => {
    const started = await startBusApp({ natsUrl, service, timing: TIMING }, parts);
    apps.push(started);
    return started;
  };

  beforeAll(async () => {
    server = await startNatsServer();
    operator = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    manager = await jetstreamManager(operator);
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((started) => started.close()));
  });
  afterAll(async () => {
    await operator.close();
    await server.stop();
  });

  it('delivers again what a replica took and never acknowledged', async () => {
    const service = `s-${randomUUID()}`;
    const { seen, handler } = recorder();
    const publisher = (await app('publisher')).get(EventPublisher);
    await publisher.publish(Ping, ping('before'), { id: randomUUID() });
    await manager.consumers.add(EVENT_STREAM.name, {
      durable_name: `${service}-Record`,
      filter_subject: Ping.subject,
      ack_policy: 'explicit',
      ack_wait: 600_000_000,
      deliver_policy: 'new',
    });
    await publisher.publish(Ping, ping('taken'), { id: randomUUID() });
    const crashed = await jetstream(operator).consumers.get(EVENT_STREAM.name, `${service}-Record`);
    expect((await crashed.next())?.info.deliveryCount).toBe(1);
    await app(service, { providers: [handler] });
    await eventually(() => expect(seen).toEqual(['taken']));
  });

  it('continues events, watches and requests after the server was unavailable', async () => {
    const { seen, handler } = recorder();
    const entries: SnapshotEntry[] = [];
    const bucket = `b-${randomUUID()}`;
    const started = await app(`s-${randomUUID()}`, {
      providers: [handler],
      before: (before) =>
        before
          .get(ResponderRegistry)
          .respond(OpenCredential, handshakeSubject('c1', '*'), async () => ({ reply: 'a.b.c' })),
    });
    const ask = () =>
      started
        .get(RequestClient)
        .request(
          OpenCredential,
          { vid: randomUUID(), sealed: 'a.b.c.d.e' },
          { timeoutMs: 2_000, subject: handshakeSubject('c1', 's1') },
        );
    const store = started.get(SnapshotStore);
    await store.put(bucket, 'k', 'before');
    const watch = await store.watch(bucket, (entry) => void entries.push(entry));
    await watch.ready;
    expect((await ask()).reply).toBe('a.b.c');

    await server.kill();
    await eventually(() => expect(started.get(BusHealth).isConnected()).toBe(false));
    await expect(ask()).rejects.toMatchObject({ reason: 'disconnected' });
    await expect(store.put(bucket, 'k', 'x')).rejects.toMatchObject({ code: 'bus_unavailable' });
    const waiting = started.get(EventPublisher).publish(Ping, ping('while away'), { id: randomUUID() });
    await server.restart();

    await waiting;
    await eventually(() => expect(seen).toContain('while away'));
    await store.put(bucket, 'k', 'after');
    await eventually(() => expect(entries.at(-1)).toEqual({ key: 'k', value: 'after' }));
    expect((await ask()).reply).toBe('a.b.c');
    await watch.stop();
  });

  it('notices a bucket that was deleted and made again: new values, and which keys are gone', async () => {
    const store = (await app('watcher')).get(SnapshotStore);
    const bucket = `b-${randomUUID()}`;
    const entries: SnapshotEntry[] = [];
    for (const key of ['k1', 'k2', 'k3']) await store.put(bucket, key, 'old');
    const watch = await store.watch(bucket, (entry) => void entries.push(entry));
    await watch.ready;
    entries.length = 0;
    await manager.streams.delete(`KV_${bucket}`);
    await store.put(bucket, 'k2', 'new');
    await eventually(() =>
      expect(entries.toSorted((a, b) => a.key.localeCompare(b.key))).toEqual([
        { key: 'k1', value: undefined },
        { key: 'k2', value: 'new' },
        { key: 'k3', value: undefined },
      ]),
    );
    await store.put(bucket, 'k4', 'newer');
    await eventually(() => expect(entries.at(-1)).toEqual({ key: 'k4', value: 'newer' }));
    await watch.stop();
  });

  it('notices that a bucket lost entries, whichever these were', async () => {
    const bucket = `b-${randomUUID()}`;
    const store = (await app('loses')).get(SnapshotStore);
    for (const key of ['a', 'b', 'c']) await store.put(bucket, key, key);
    const entries: SnapshotEntry[] = [];
    const watch = await store.watch(bucket, (entry) => void entries.push(entry));
    await watch.ready;
    for (const [key, seq] of [
      ['b', 2],
      ['c', 3],
    ] as const) {
      await manager.streams.deleteMessage(`KV_${bucket}`, seq);
      await eventually(() => expect(entries).toContainEqual({ key, value: undefined }));
    }
    await watch.stop();
    expect(entries.filter(({ value }) => value === undefined).map(({ key }) => key)).toEqual(['b', 'c']);
  });

  it('reports keys that are deleted from a bucket', async () => {
    const store = (await app('watcher')).get(SnapshotStore);
    const bucket = `b-${randomUUID()}`;
    const entries: SnapshotEntry[] = [];
    await store.put(bucket, 'k1', 'a');
    const watch = await store.watch(bucket, (entry) => void entries.push(entry));
    await watch.ready;
    await (await new Kvm(operator).open(bucket)).delete('k1');
    await eventually(() => expect(entries.at(-1)).toEqual({ key: 'k1', value: undefined }));
    expect(await store.get(bucket, 'k1')).toBeUndefined();
    await watch.stop();
  });

  it('continues events after their stream was deleted', async () => {
    const { seen, handler } = recorder();
    const started = await app(`s-${randomUUID()}`, { providers: [handler] });
    const publisher = started.get(EventPublisher);
    await publisher.publish(Ping, ping('one'), { id: randomUUID() });
    await eventually(() => expect(seen).toContain('one'));
    await manager.streams.delete(EVENT_STREAM.name);
    await publisher.publish(Ping, ping('two'), { id: randomUUID() });
    await eventually(() => expect(seen).toContain('two'), 20_000);
  });

  it('adds the subjects that the stream of an older version lacks', async () => {
    await manager.streams.update(EVENT_STREAM.name, { subjects: [EVENT_STREAM.subjects[0]] });
    const { seen, handler } = recorder();
    const started = await app(`s-${randomUUID()}`, { providers: [handler] });
    await started.get(EventPublisher).publish(Ping, ping('of a newer version'), { id: randomUUID() });
    await eventually(() => expect(seen).toContain('of a newer version'));
    expect((await manager.streams.info(EVENT_STREAM.name)).config.subjects).toEqual([...EVENT_STREAM.subjects]);
  });

  it('finds a stream that captures handshake subjects, and takes its acknowledgement for no reply', async () => {
    verifies('credential.no-stream');
    const started = await app('registry');
    const health = started.get(BusHealth);
    const subject = handshakeSubject('c9', 's9');
    expect(await health.findCapturingStream(subject)).toBeUndefined();
    await manager.streams.add({ name: 'greedy', subjects: ['lethe.connector.handshake.>'] });
    expect(await health.findCapturingStream(subject)).toBe('greedy');
    expect(await health.findCapturingStream(handshakeSubject('c9', '*'))).toBe('greedy');
    await expect(
      started
        .get(RequestClient)
        .request(OpenCredential, { vid: randomUUID(), sealed: 'a.b.c.d.e' }, { timeoutMs: 2_000, subject }),
    ).rejects.toMatchObject({ reason: 'invalid_reply' });
    await manager.streams.delete('greedy');
    expect(await health.findCapturingStream(subject)).toBeUndefined();
  });

  it('starts without the server and continues when it is available', async () => {
    const late = await startNatsServer();
    await late.kill();
    const { seen, handler } = recorder();
    const started = await app('late', { providers: [handler] }, late.url);
    expect(started.get(BusHealth).isConnected()).toBe(false);
    const entries: SnapshotEntry[] = [];
    const watch = await started.get(SnapshotStore).watch('b', (entry) => void entries.push(entry));
    await late.restart();
    await eventually(() => expect(started.get(BusHealth).isConnected()).toBe(true));
    await started.get(EventPublisher).publish(Ping, ping('hello'), { id: randomUUID() });
    await eventually(() => expect(seen).toEqual(['hello']));
    await started.get(SnapshotStore).put('b', 'k', 'v');
    await eventually(() => expect(entries).toEqual([{ key: 'k', value: 'v' }]));
    await watch.stop();
    await Promise.all(apps.splice(0).map((each) => each.close()));
    await late.stop();
  });

  it('does not start on a server without JetStream', async () => {
    const bare = await startNatsServer({ jetStream: false });
    await expect(app('bare', {}, bare.url)).rejects.toThrow('NATS_URL: nats-server runs without JetStream');
    await bare.stop();
  });

  it('ends in time also while the server is away', async () => {
    const away = await startNatsServer();
    const { handler } = recorder();
    const started = await app('ending', { providers: [handler] }, away.url);
    await started.get(SnapshotStore).watch('b', () => undefined);
    await away.kill();
    await eventually(() => expect(started.get(BusHealth).isConnected()).toBe(false));
    apps.splice(apps.indexOf(started), 1);
    const begun = Date.now();
    await started.close();
    expect(Date.now() - begun).toBeLessThan(3_000);
    await away.stop();
  });
});

describe.skipIf(!isNatsServerAvailable())('the bus over a NATS server with the users of deploy/nats', () => {
  let server: NatsServer;
  const passwords = natsPasswords();
  const apps: INestApplication[] = [];
  const as = async (user: NatsUser, parts: Parameters<typeof startBusApp>[1] = {}, password = passwords[user]) => {
    const natsUrl = server.url.replace('nats://', `nats://${user}:${encodeURIComponent(password)}@`);
    const started = await startBusApp({ natsUrl, service: user, timing: TIMING }, parts);
    apps.push(started);
    return started;
  };

  beforeAll(async () => {
    server = await startNatsServer({ config: await natsConfiguration(passwords) });
  });
  afterAll(async () => {
    await Promise.all(apps.splice(0).map((started) => started.close()));
    await server.stop();
  });

  it('lets every service do its part, and wait for what only the registry may make', async () => {
    const { seen, handler } = recorder();
    const connector = await as('connector', {
      before: (before) =>
        before
          .get(ResponderRegistry)
          .respond(OpenCredential, handshakeSubject('c1', '*'), async () => ({ reply: 'a.b.c' })),
    });
    const proxy = await as('proxy');
    const entries: SnapshotEntry[] = [];
    const watch = await proxy.get(SnapshotStore).watch(BUCKETS.servers, (entry) => void entries.push(entry));
    const stored = connector.get(EventPublisher).publish(Ping, ping('early'), { id: randomUUID() });

    const registry = await as('registry', { providers: [handler] });
    await registry.get(SnapshotStore).put(BUCKETS.servers, 'k', 'v');
    await stored;
    await eventually(() => expect(seen).toEqual(['early']), 20_000);
    await eventually(() => expect(entries).toEqual([{ key: 'k', value: 'v' }]), 20_000);
    expect(await proxy.get(SnapshotStore).get(BUCKETS.servers, 'k')).toBe('v');
    const subject = handshakeSubject('c1', 's1');
    for (const each of [registry, connector])
      expect(await each.get(BusHealth).findCapturingStream(subject)).toBeUndefined();
    const request = { vid: randomUUID(), sealed: 'a.b.c.d.e' };
    const reply = await registry.get(RequestClient).request(OpenCredential, request, { timeoutMs: 2_000, subject });
    expect(reply.reply).toBe('a.b.c');
    await watch.stop();
  });

  it('reports to a service that it may not write a bucket', async () => {
    const proxy = await as('proxy');
    await expect(proxy.get(SnapshotStore).put(BUCKETS.servers, 'k', 'forged')).rejects.toMatchObject({
      code: 'bus_unavailable',
    });
  });

  it('does not start as a user that the server rejects, and does not print the password', async () => {
    const failure = as('registry', {}, 'not-the-password');
    await expect(failure).rejects.toThrow(/^NATS_URL: the server rejects this user$/);
    await expect(failure).rejects.not.toThrow(/not-the-password/);
  });
});
