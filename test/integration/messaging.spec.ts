import { randomUUID } from 'node:crypto';
import {
  CataloguePart,
  DeadLetter,
  FetchRoutes,
  FetchRoutesReply,
  handshakeSubject,
  KeysUsed,
  OpenCredential,
  type OpenCredentialReply,
} from '@lethe/contracts';
import {
  BusHealth,
  type BusOptions,
  type BusTiming,
  EventPublisher,
  type EventHandler,
  MemoryBroker,
  NoticePublisher,
  OnEvent,
  OnNotice,
  RequestClient,
  ResponderGate,
  ResponderRegistry,
  Responds,
  SnapshotStore,
  type SnapshotEntry,
} from '@lethe/messaging';
import { Controller, type INestApplication, Inject } from '@nestjs/common';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startBusApp } from '../support/messaging-app.js';
import { isNatsServerAvailable, type NatsServer, startNatsServer } from '../support/nats-server.js';

const TIMING: BusTiming = {
  retryDelaysMs: [10, 20, 30, 40, 50, 60, 70],
  ackWaitMs: 1_000,
  watchCheckMs: 100,
  publishTimeoutMs: 8_000,
};

const Lines = Symbol('lines');
type Lines = string[];

@Controller()
class Routes {
  constructor(@Inject(Lines) private readonly lines: Lines) {}

  @Responds(FetchRoutes)
  async fetch(request: FetchRoutes): Promise<FetchRoutesReply> {
    if (request.cursor === 'fail') throw new Error('secret-of-the-responder');
    if (request.cursor === 'wrong') return { entries: 'none' as unknown as [string, string][] };
    if (request.cursor === 'slow') await new Promise((resolve) => setTimeout(resolve, 400));
    this.lines.push(`asked ${request instanceof FetchRoutes}`);
    return { entries: [[request.bucket, request.cursor ?? '']] };
  }

  @OnNotice(KeysUsed)
  hear(notice: KeysUsed): void {
    this.lines.push(`heard ${notice.keyIds.join()} ${notice instanceof KeysUsed}`);
  }
}

@OnEvent(CataloguePart)
class StagePart implements EventHandler<CataloguePart> {
  constructor(@Inject(Lines) private readonly lines: Lines) {}

  async handle(part: CataloguePart): Promise<void> {
    this.lines.push(`part ${part.n} ${JSON.stringify(part.items)}`);
    const failures = this.lines.filter((line) => line.startsWith(`part ${part.n} `)).length;
    if (part.of === 99 || (part.of === 3 && failures < 3)) throw new Error('not now');
  }
}

@OnEvent(DeadLetter)
class NoteDead implements EventHandler<DeadLetter> {
  constructor(@Inject(Lines) private readonly lines: Lines) {}

  async handle(letter: DeadLetter): Promise<void> {
    this.lines.push(`dead ${letter.consumer} ${letter.id}`);
  }
}

function part(n: number, of: number, items: CataloguePart['items'] = []): CataloguePart {
  return { vid: randomUUID(), gatewayId: randomUUID(), n, of, items };
}

interface Bus {
  options(service: string, timing?: BusTiming): BusOptions;
  end(): Promise<void>;
}

function describeBus(name: string, isAvailable: boolean, start: () => Promise<Bus>): void {
  describe.skipIf(!isAvailable)(`the bus (${name})`, () => {
    let bus: Bus;
    const apps: INestApplication[] = [];

    const app = async (service: string, lines: Lines, parts: Partial<Parameters<typeof startBusApp>[1]> = {}) => {
      const started = await startBusApp(bus.options(service, TIMING), {
        ...parts,
        providers: [{ provide: Lines, useValue: lines }, ...(parts.providers ?? [])],
      });
      apps.push(started);
      return started;
    };
    const client = async (): Promise<INestApplication> => app(`client-${randomUUID()}`, []);

    beforeAll(async () => {
      bus = await start();
    });
    afterEach(async () => {
      await Promise.all(apps.splice(0).map((started) => started.close()));
    });
    afterAll(() => bus.end());

    it('answers a request with a validated reply', async () => {
      const lines: Lines = [];
      await app('registry', lines, { controllers: [Routes] });
      const asking = await client();
      const reply = await asking
        .get(RequestClient)
        .request(FetchRoutes, { bucket: 'lethe-servers', cursor: 'a' }, { timeoutMs: 2_000 });
      expect(reply).toBeInstanceOf(FetchRoutesReply);
      expect(reply.entries).toEqual([['lethe-servers', 'a']]);
      expect(lines).toEqual(['asked true']);
    });

    it.each([
      ['nobody listens', 'no_responders', { bucket: 'lethe-servers' } as const, false],
      ['the responder throws', 'failed', { bucket: 'lethe-servers', cursor: 'fail' } as const, true],
      ['the request breaks its contract', 'failed', { bucket: 'elsewhere' as 'lethe-servers' }, true],
      ['the reply breaks its contract', 'invalid_reply', { bucket: 'lethe-servers', cursor: 'wrong' } as const, true],
      ['the answer is late', 'timeout', { bucket: 'lethe-servers', cursor: 'slow' } as const, true],
    ])('says why a request failed: %s', async (_, reason, request, hasResponder) => {
      if (hasResponder) await app('registry', [], { controllers: [Routes] });
      const asking = await client();
      const failure = asking.get(RequestClient).request(FetchRoutes, request, { timeoutMs: 200 });
      await expect(failure).rejects.toMatchObject({ name: 'RequestFailed', reason });
      await expect(failure).rejects.not.toThrow(/secret/);
    });

    it.each([
      ['a stream acknowledges the request', '{"stream":"greedy","seq":1}'],
      ['something answers that is no JSON', 'hello'],
      ['something answers with a bare list', '[]'],
    ])('does not take for a reply what is none: %s', async (_, answer) => {
      const asking = await client();
      const other = await bareSubscriber(asking, 'lethe.registry.routes.fetch.v1', answer);
      await expect(
        asking.get(RequestClient).request(FetchRoutes, { bucket: 'lethe-servers' }, { timeoutMs: 1_000 }),
      ).rejects.toMatchObject({ reason: 'invalid_reply' });
      other.unsubscribe();
    });

    it('shares requests among the replicas of a queue group, each answered once', async () => {
      const [one, two]: [Lines, Lines] = [[], []];
      await app('registry', one, { controllers: [Routes] });
      await app('registry', two, { controllers: [Routes] });
      const asking = (await client()).get(RequestClient);
      for (let n = 0; n < 40; n += 1)
        await asking.request(FetchRoutes, { bucket: 'lethe-servers' }, { timeoutMs: 2_000 });
      expect(one.length + two.length).toBe(40);
      expect(Math.min(one.length, two.length)).toBeGreaterThan(0);
    });

    it('leaves a queue group while it can not serve, and comes back', async () => {
      const [one, two]: [Lines, Lines] = [[], []];
      const leaving = await app('registry', one, { controllers: [Routes] });
      const staying = await app('registry', two, { controllers: [Routes] });
      const asking = (await client()).get(RequestClient);
      const ask = (): Promise<unknown> =>
        asking.request(FetchRoutes, { bucket: 'lethe-servers' }, { timeoutMs: 2_000 });
      await leaving.get(ResponderGate).leave(FetchRoutes);
      for (let n = 0; n < 10; n += 1) await ask();
      expect([one.length, two.length]).toEqual([0, 10]);
      await staying.get(ResponderGate).leave(FetchRoutes);
      await expect(ask()).rejects.toMatchObject({ reason: 'no_responders' });
      await leaving.get(ResponderGate).join(FetchRoutes);
      await ask();
      expect(one.length).toBe(1);
    });

    it('routes a request to the one responder of a wildcard that is meant', async () => {
      const respondAs = (connector: string) => (started: INestApplication) =>
        started
          .get(ResponderRegistry)
          .respond(OpenCredential, handshakeSubject(connector, '*'), async (_, { subject }) => ({
            reply: `${connector}.${Buffer.from(subject).toString('base64url')}.x`,
          }));
      await app('connector', [], { before: respondAs('c1') });
      await app('connector', [], { before: respondAs('c2') });
      const asking = (await client()).get(RequestClient);
      const request = { vid: randomUUID(), sealed: 'a.b.c.d.e' };
      const ask = (connector: string): Promise<OpenCredentialReply> =>
        asking.request(OpenCredential, request, { timeoutMs: 2_000, subject: handshakeSubject(connector, 's9') });
      const reply = await ask('c2');
      expect(reply.reply.split('.')[0]).toBe('c2');
      expect(Buffer.from(reply.reply.split('.')[1] ?? '', 'base64url').toString()).toBe(handshakeSubject('c2', 's9'));
      await expect(ask('c3')).rejects.toMatchObject({ reason: 'no_responders' });
    });

    it('delivers a notice to every replica', async () => {
      const [one, two]: [Lines, Lines] = [[], []];
      await app('registry', one, { controllers: [Routes] });
      await app('registry', two, { controllers: [Routes] });
      const telling = await client();
      await telling.get(NoticePublisher).publish(KeysUsed, { keyIds: ['k1'], at: new Date().toISOString() });
      await eventually(() => expect([...one, ...two]).toEqual(['heard k1 true', 'heard k1 true']));
    });

    it('refuses messages that are too long before sending them', async () => {
      const started = await client();
      const long = 'x'.repeat(256 * 1024);
      const items = [{ kind: 'tool', own: long, definition: {} }] as CataloguePart['items'];
      await expect(
        started.get(EventPublisher).publish(CataloguePart, part(0, 1, items), { id: randomUUID() }),
      ).rejects.toThrow(RangeError);
      const request = { bucket: 'lethe-servers', keys: [long] } as FetchRoutes;
      await expect(started.get(RequestClient).request(FetchRoutes, request, { timeoutMs: 500 })).rejects.toThrow(
        RangeError,
      );
      await expect(started.get(SnapshotStore).put('lethe-blocks', 'k', `${long}x`)).rejects.toThrow(RangeError);
    });

    it('delivers events as they were, members of any name included, each to one replica of every service', async () => {
      const [one, two, other]: [Lines, Lines, Lines] = [[], [], []];
      const service = `s-${randomUUID()}`;
      await app(service, one, { providers: [StagePart] });
      await app(service, two, { providers: [StagePart] });
      await app(`s-${randomUUID()}`, other, { providers: [StagePart] });
      const odd = JSON.parse('{"constructor":{"toString":1},"__proto__":{"then":true},"then":null}');
      const items = [{ kind: 'tool' as const, own: 'odd', definition: odd }];
      const publisher = (await client()).get(EventPublisher);
      await publisher.publish(CataloguePart, part(1001, 1, items), { id: randomUUID() });
      const wanted = `part 1001 ${JSON.stringify(items)}`;
      await eventually(() => expect([...one, ...two].filter((line) => line === wanted)).toHaveLength(1));
      await eventually(() => expect(other).toContain(wanted));
    });

    it('stores an event of one id once', async () => {
      const lines: Lines = [];
      await app(`s-${randomUUID()}`, lines, { providers: [StagePart] });
      const publisher = (await client()).get(EventPublisher);
      const event = part(1002, 1);
      const id = randomUUID();
      await Promise.all([1, 2, 3].map(() => publisher.publish(CataloguePart, event, { id })));
      await publisher.publish(CataloguePart, part(1003, 1), { id: randomUUID() });
      await eventually(() => expect(lines.some((line) => line.startsWith('part 1003'))).toBe(true));
      expect(lines.filter((line) => line.startsWith('part 1002'))).toHaveLength(1);
    });

    it('delivers an event again until its handler succeeds', async () => {
      const lines: Lines = [];
      await app(`s-${randomUUID()}`, lines, { providers: [StagePart, NoteDead] });
      const publisher = (await client()).get(EventPublisher);
      await publisher.publish(CataloguePart, part(1004, 3), { id: randomUUID() });
      await publisher.publish(CataloguePart, part(1005, 1), { id: randomUUID() });
      await eventually(() => expect(lines.filter((line) => line.startsWith('part 1004'))).toHaveLength(3));
      await eventually(() => expect(lines.filter((line) => line.startsWith('part 1005'))).toHaveLength(1));
      expect(lines.filter((line) => line.startsWith('dead'))).toEqual([]);
    });

    it('gives an event up after eight deliveries, and says so', async () => {
      const lines: Lines = [];
      const service = `s-${randomUUID()}`;
      await app(service, lines, { providers: [StagePart, NoteDead] });
      const id = randomUUID();
      await (await client()).get(EventPublisher).publish(CataloguePart, part(1006, 99), { id });
      await eventually(() => expect(lines).toContain(`dead ${service}-StagePart ${id}`), 20_000);
      expect(lines.filter((line) => line.startsWith('part 1006'))).toHaveLength(8);
    });

    it('gives up at once an event that breaks its contract', async () => {
      const lines: Lines = [];
      const service = `s-${randomUUID()}`;
      await app(service, lines, { providers: [StagePart, NoteDead] });
      const id = randomUUID();
      const broken = Object.assign(part(1007, 1), { n: 'secret' });
      await (await client()).get(EventPublisher).publish(CataloguePart, broken, { id });
      await eventually(() => expect(lines).toContain(`dead ${service}-StagePart ${id}`));
      expect(lines.filter((line) => line.startsWith('part 1007'))).toEqual([]);
    });

    it('keeps events for a service that is not running', async () => {
      const service = `s-${randomUUID()}`;
      const lines: Lines = [];
      const first = await app(service, [], { providers: [StagePart] });
      await eventuallyConsumes(service);
      await first.close();
      apps.splice(apps.indexOf(first), 1);
      await (await client()).get(EventPublisher).publish(CataloguePart, part(1008, 1), { id: randomUUID() });
      await app(service, lines, { providers: [StagePart] });
      await eventually(() => expect(lines.some((line) => line.startsWith('part 1008'))).toBe(true));
    });

    it('keeps the last value of each key', async () => {
      const [one, two] = [(await client()).get(SnapshotStore), (await client()).get(SnapshotStore)];
      const bucket = `b-${randomUUID()}`;
      expect(await one.get(bucket, 'absent')).toBeUndefined();
      await one.put(bucket, 'slug-1', 'a');
      await two.put(bucket, 'slug-1', 'ü "b"');
      expect(await one.get(bucket, 'slug-1')).toBe('ü "b"');
      await expect(one.put(bucket, 'a.b', 'c')).rejects.toThrow(RangeError);
    });

    it('watches a bucket: what is there first, then every change, also of a bucket made later', async () => {
      const [store, watcher] = [(await client()).get(SnapshotStore), (await client()).get(SnapshotStore)];
      const bucket = `b-${randomUUID()}`;
      const seen: SnapshotEntry[] = [];
      await store.put(bucket, 'k1', 'a');
      await store.put(bucket, 'k2', 'b');
      const watch = await watcher.watch(bucket, (entry) => void seen.push(entry));
      await watch.ready;
      expect(seen.toSorted((a, b) => a.key.localeCompare(b.key))).toEqual([
        { key: 'k1', value: 'a' },
        { key: 'k2', value: 'b' },
      ]);
      await store.put(bucket, 'k1', 'c');
      await eventually(() => expect(seen.at(-1)).toEqual({ key: 'k1', value: 'c' }));
      await watch.stop();
      await store.put(bucket, 'k1', 'd');
      expect(seen.at(-1)?.value).toBe('c');

      const later = `b-${randomUUID()}`;
      const early = await watcher.watch(later, (entry) => void seen.push(entry));
      await store.put(later, 'k9', 'z');
      await eventually(() => expect(seen.at(-1)).toEqual({ key: 'k9', value: 'z' }));
      await early.ready;
      await early.stop();
    });

    it('continues watching when the watcher fails on an entry', async () => {
      const store = (await client()).get(SnapshotStore);
      const bucket = `b-${randomUUID()}`;
      const seen: string[] = [];
      const watch = await store.watch(bucket, async ({ key }) => {
        if (key === 'bad') throw new Error('no');
        seen.push(key);
      });
      await store.put(bucket, 'bad', 'x');
      await store.put(bucket, 'good', 'x');
      await eventually(() => expect(seen).toEqual(['good']));
      await watch.stop();
    });

    it('lets a running handler finish before it ends', async () => {
      const lines: Lines = [];
      const ending = await app('registry', lines, { controllers: [Routes] });
      const asking = (await client()).get(RequestClient);
      const answer = asking.request(FetchRoutes, { bucket: 'lethe-servers', cursor: 'slow' }, { timeoutMs: 3_000 });
      await new Promise((resolve) => setTimeout(resolve, 100));
      await ending.close();
      expect((await answer).entries).toEqual([['lethe-servers', 'slow']]);
    });

    async function eventuallyConsumes(service: string): Promise<void> {
      const options = bus.options(service);
      if ('broker' in options) return;
      const connection = await connect({ servers: options.natsUrl.replace('nats://', '') });
      const manager = await jetstreamManager(connection);
      await eventually(async () => {
        await manager.consumers.info('lethe-events', `${service}-StagePart`);
      });
      await connection.close();
    }

    async function bareSubscriber(started: INestApplication, subject: string, answer: string) {
      const options = bus.options('bare');
      if ('broker' in options)
        return options.broker.subscribe(subject, { callback: (_, message) => void message.respond(answer) });
      const connection = await connect({ servers: options.natsUrl.replace('nats://', '') });
      connection.subscribe(subject, { callback: (_, message) => void message.respond(answer) });
      await connection.flush();
      expect(started.get(BusHealth).isConnected()).toBe(true);
      return { unsubscribe: () => void connection.close() };
    }
  });
}

describeBus('inside one process', true, async () => {
  const broker = new MemoryBroker();
  return { options: (service, timing) => ({ broker, service, timing }), end: async () => undefined };
});

describeBus('NATS', isNatsServerAvailable(), async () => {
  const server: NatsServer = await startNatsServer();
  return { options: (service, timing) => ({ natsUrl: server.url, service, timing }), end: () => server.stop() };
});
