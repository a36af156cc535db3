import {
  BUCKETS,
  cancelSubject,
  EVENT_STREAM,
  handshakeSubject,
  inputSubject,
  MARKS_BUCKET,
  SUBJECTS,
} from '@lethe/contracts';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { isNatsServerAvailable, type NatsServer, startNatsServer } from '../support/nats-server.js';
import { natsConfiguration, natsPasswords, NATS_USERS, type NatsUser } from '../support/nats-users.js';

const HANDSHAKE = handshakeSubject('a-connector', 'a-slot');
const SERVICES = ['registry', 'connector', 'proxy'] as const;
type Service = (typeof SERVICES)[number];

/** Who may send to and listen on each subject; whoever is not named is refused by the server. */
const SENDERS: Record<string, Service[]> = {
  [SUBJECTS.slotLend]: ['registry'],
  [HANDSHAKE]: ['registry'],
  [cancelSubject('a-connector')]: ['registry'],
  [SUBJECTS.probe]: ['registry'],
  [SUBJECTS.cataloguePart]: ['connector'],
  [SUBJECTS.gatewayVerified]: ['connector'],
  [SUBJECTS.gatewayVerificationFailed]: ['connector'],
  [SUBJECTS.connectorAnnounced]: ['connector'],
  [SUBJECTS.routesDigest]: ['registry'],
  [SUBJECTS.routesFetch]: ['proxy'],
  [SUBJECTS.routesApplied]: ['proxy'],
  [SUBJECTS.keysUsed]: ['proxy'],
  [SUBJECTS.gatewaysSeen]: ['proxy'],
  [SUBJECTS.callsSeen]: ['proxy'],
  [SUBJECTS.keptRefused]: ['proxy'],
  [SUBJECTS.sessionEnded]: ['proxy'],
  [inputSubject('a-replica')]: ['proxy'],
  [SUBJECTS.callCancelled]: ['proxy'],
  [SUBJECTS.dead]: ['registry'],
  [`$KV.${BUCKETS.servers}.demo`]: ['registry'],
  [`$KV.${BUCKETS.blocks}.demo`]: ['registry'],
  [`$KV.${BUCKETS.callers}.demo`]: ['registry'],
  [`$KV.${BUCKETS.kept}.demo`]: ['registry'],
  [`$JS.API.DIRECT.GET.KV_${BUCKETS.kept}.$KV.${BUCKETS.kept}.demo`]: ['registry', 'proxy'],
  [`$KV.${MARKS_BUCKET}.audit`]: ['registry'],
  [`$JS.API.DIRECT.GET.KV_${MARKS_BUCKET}.$KV.${MARKS_BUCKET}.audit`]: ['registry'],
  [`$JS.API.STREAM.CREATE.${EVENT_STREAM.name}`]: ['registry'],
  '$JS.API.STREAM.CREATE.another': [],
  '$JS.API.STREAM.SNAPSHOT.lethe-events': [],
  [`$JS.API.STREAM.PURGE.${EVENT_STREAM.name}`]: [],
  [`$JS.API.STREAM.DELETE.KV_${BUCKETS.servers}`]: [],
  [`$JS.API.CONSUMER.MSG.NEXT.${EVENT_STREAM.name}.any`]: ['registry'],
  [`$JS.API.CONSUMER.CREATE.KV_${BUCKETS.servers}.any`]: ['registry', 'proxy'],
  '_INBOX_registry.reply': [],
  '_INBOX_connector.reply': [],
  '_INBOX_proxy.reply': [],
  'another.subject': [],
};
const LISTENERS: Record<string, Service[]> = {
  [SUBJECTS.slotLend]: ['connector'],
  [SUBJECTS.handshake]: ['connector'],
  [SUBJECTS.verificationCancel]: ['connector'],
  [SUBJECTS.probe]: ['connector'],
  [SUBJECTS.cataloguePart]: [],
  [SUBJECTS.gatewayVerified]: [],
  [SUBJECTS.connectorAnnounced]: ['registry'],
  [SUBJECTS.routesDigest]: ['proxy'],
  [SUBJECTS.routesFetch]: ['registry'],
  [SUBJECTS.routesApplied]: ['registry'],
  [SUBJECTS.keysUsed]: ['registry'],
  [SUBJECTS.gatewaysSeen]: ['registry'],
  [SUBJECTS.callsSeen]: ['registry'],
  [SUBJECTS.keptRefused]: ['registry'],
  [SUBJECTS.sessionEnded]: ['proxy'],
  [SUBJECTS.inputDeliver]: ['proxy'],
  [SUBJECTS.callCancelled]: ['proxy'],
  '_INBOX_registry.>': ['registry'],
  '_INBOX_connector.>': ['connector'],
  '_INBOX_proxy.>': ['proxy'],
  '>': [],
  'lethe.>': [],
  '$KV.>': [],
};

describe.runIf(isNatsServerAvailable())('the NATS users of deploy/nats', () => {
  const passwords = natsPasswords();
  const connections = new Map<NatsUser, NatsConnection>();
  let server: NatsServer;

  beforeAll(async () => {
    server = await startNatsServer({ config: await natsConfiguration(passwords) });
    for (const user of NATS_USERS) connections.set(user, await connectAs(user));
  });
  afterAll(async () => {
    for (const connection of connections.values()) await connection.close();
    await server?.stop();
  });

  const connectAs = (user: NatsUser, pass = passwords[user]): Promise<NatsConnection> =>
    connect({ servers: server.url, user, pass, inboxPrefix: `_INBOX_${user}`, maxReconnectAttempts: 0 });
  const as = (user: NatsUser): NatsConnection => {
    const connection = connections.get(user);
    if (connection === undefined) throw new Error(`not connected: ${user}`);
    return connection;
  };

  /** Those of the subjects for which the server refuses `act`. One at a time: the client may merge two refusals. */
  async function refusedTo(
    user: Service,
    subjects: string[],
    act: (connection: NatsConnection, subject: string) => void,
  ): Promise<string[]> {
    const connection = await connectAs(user);
    const refused: string[] = [];
    const status = connection.status();
    void (async () => {
      for await (const event of status) if (event.type === 'error') refused.push(event.error.message);
    })();
    for (const subject of subjects) {
      act(connection, subject);
      await connection.flush();
    }
    await connection.close();
    return subjects.filter((subject) => refused.some((text) => text.includes(`"${subject}"`)));
  }

  for (const user of SERVICES) {
    it(`let the ${user} send to its own subjects only`, async () => {
      verifies('deployment.least-privilege');
      const forbidden = Object.keys(SENDERS).filter((subject) => SENDERS[subject]?.includes(user) !== true);
      const refused = await refusedTo(user, Object.keys(SENDERS), (connection, subject) => connection.publish(subject));
      expect(refused).toEqual(forbidden);
    });

    it(`let the ${user} listen on its own subjects only`, async () => {
      verifies('deployment.least-privilege');
      const forbidden = Object.keys(LISTENERS).filter((subject) => LISTENERS[subject]?.includes(user) !== true);
      const refused = await refusedTo(user, Object.keys(LISTENERS), (connection, subject) => {
        connection.subscribe(subject, { callback: () => undefined });
      });
      expect(refused).toEqual(forbidden);
    });
  }

  it('let a connector answer the registry, the registry a proxy, and a proxy another', async () => {
    as('connector').subscribe(SUBJECTS.slotLend, { callback: (_error, message) => void message.respond('an offer') });
    as('registry').subscribe(SUBJECTS.routesFetch, { callback: (_error, message) => void message.respond('routes') });
    as('proxy').subscribe(inputSubject('a-replica'), { callback: (_error, message) => void message.respond('yes') });
    await Promise.all([as('connector').flush(), as('registry').flush(), as('proxy').flush()]);
    expect((await as('registry').request(SUBJECTS.slotLend, 'an order')).string()).toBe('an offer');
    expect((await as('proxy').request(SUBJECTS.routesFetch, '')).string()).toBe('routes');
    const another = await connectAs('proxy');
    expect((await another.request(inputSubject('a-replica'), 'an answer')).string()).toBe('yes');
    await another.close();
  });

  it("let a connector's event reach the registry", async () => {
    const manager = await jetstreamManager(as('registry'), { checkAPI: false });
    await manager.streams.add({ name: EVENT_STREAM.name, subjects: [...EVENT_STREAM.subjects] });
    const stored = await jetstream(as('connector')).publish(SUBJECTS.gatewayVerified, '{}', { msgID: 'a' });
    expect(stored.stream).toBe(EVENT_STREAM.name);
    const consumer = {
      durable_name: 'registry-any',
      filter_subject: SUBJECTS.gatewayVerified,
      ack_policy: AckPolicy.Explicit,
    };
    await manager.consumers.add(EVENT_STREAM.name, consumer);
    const message = await (await jetstream(as('registry')).consumers.get(EVENT_STREAM.name, 'registry-any')).next();
    expect(message?.subject).toBe(SUBJECTS.gatewayVerified);
    expect(await message?.ackAck()).toBe(true);
  });

  it('let a connector see which stream captures a subject', async () => {
    const manager = await jetstreamManager(as('connector'), { checkAPI: false });
    expect(await manager.streams.names(SUBJECTS.gatewayVerified).next()).toEqual([EVENT_STREAM.name]);
    expect(await manager.streams.names(HANDSHAKE).next()).toEqual([]);
  });

  it('let the registry publish a route, and registry and proxy watch and read it', async () => {
    const written = await new Kvm(as('registry')).create(BUCKETS.servers, { history: 1 });
    await written.put('demo', 'a manifest');
    for (const user of ['registry', 'proxy'] as const) {
      const read = await new Kvm(as(user)).open(BUCKETS.servers);
      for await (const entry of await read.watch()) {
        expect([entry.key, entry.string()]).toEqual(['demo', 'a manifest']);
        break;
      }
      expect((await read.get('demo'))?.string()).toBe('a manifest');
    }
  });

  it('reject a wrong password and a missing user', async () => {
    await expect(connectAs('registry', passwords.proxy)).rejects.toThrow();
    await expect(connect({ servers: server.url, maxReconnectAttempts: 0 })).rejects.toThrow();
  });
});
