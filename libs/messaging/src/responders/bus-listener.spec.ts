import { handshakeSubject, KeysUsed, OpenCredential, type OpenCredentialReply } from '@lethe/contracts';
import { createLogger } from '@lethe/platform';
import { ClientNats } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@test/support/eventually.js';
import type { CoreConnection } from '../core-connection.js';
import { MemoryBroker } from '../memory/memory-broker.js';
import { type Bus, openBus } from '../open-bus.js';

const SUBJECT = handshakeSubject('c1', 's1');
const REQUEST = { vid: '3f1d3c5e-7f43-4a55-9b3a-0f4a2f0f5a11', sealed: 'a.b.c.d.e' };

/** Nest's own NATS client, with its own packets. */
class NestClient extends ClientNats {
  constructor(private readonly broker: MemoryBroker) {
    super({ inboxPrefix: '_INBOX_nest' });
  }

  override connect(): Promise<CoreConnection> {
    this.natsClient = this.broker;
    return Promise.resolve(this.broker);
  }
}

const buses: Bus[] = [];
afterEach(async () => {
  for (const bus of buses.splice(0)) await bus.listener.close();
});

/** A listener that answers as given, and what it was told and logged. */
async function listen(answer: () => Promise<OpenCredentialReply>) {
  const broker = new MemoryBroker();
  const events: string[] = [];
  const logger = createLogger('proxy', 'warn', { write: (line) => void events.push(`log ${JSON.parse(line).msg}`) });
  const bus = openBus({ broker, service: 'proxy' }, logger, undefined);
  buses.push(bus);
  bus.listener.onNotice(KeysUsed, ({ keyIds }) => void events.push(`heard ${keyIds.join()}`));
  bus.listener.respond(OpenCredential, SUBJECT, async ({ vid }) => {
    events.push(`asked ${vid}`);
    return answer();
  });
  await bus.listener.listen();
  const ask = () => bus.requests.request(OpenCredential, REQUEST, { timeoutMs: 2_000, subject: SUBJECT });
  return { bus, broker, events, ask };
}

const REPLY = { reply: 'a.b.c' };
const NOTICE = { keyIds: ['k1'], at: '2026-01-01T00:00:00.000Z' };

describe('BusListener', () => {
  it('answers requests and hears notices, without Nest and from it', async () => {
    const { bus, broker, events, ask } = await listen(async () => REPLY);
    await expect(ask()).resolves.toEqual(REPLY);
    const nest = new NestClient(broker);
    await expect(firstValueFrom(nest.send(SUBJECT, REQUEST))).resolves.toEqual(REPLY);
    await bus.notices.publish(KeysUsed, NOTICE);
    nest.emit(KeysUsed.subject, NOTICE);
    await eventually(() => expect(events.filter((event) => event === 'heard k1')).toHaveLength(2));
    expect(events.filter((event) => event.startsWith('asked'))).toEqual(Array(2).fill(`asked ${REQUEST.vid}`));
  });

  it('tells the other side and the log that a responder failed, and not how', async () => {
    const { broker, events, ask } = await listen(() => Promise.reject(new Error('secret')));
    await expect(ask()).rejects.toMatchObject({ reason: 'failed' });
    const nest = new NestClient(broker);
    const failure: unknown = await firstValueFrom(nest.send(SUBJECT, REQUEST)).catch((error: unknown) => error);
    expect(failure).toEqual({ status: 'error', message: 'Internal server error' });
    expect(events.filter((event) => event.startsWith('log'))).toEqual(
      Array(2).fill('log A message could not be handled'),
    );
  });

  it('passes on nothing that breaks its contract', async () => {
    const { bus, events } = await listen(async () => REPLY);
    const broken = { vid: 'none', sealed: 'x' };
    const asked = bus.requests.request(OpenCredential, broken, { timeoutMs: 2_000, subject: SUBJECT });
    await expect(asked).rejects.toMatchObject({ reason: 'failed' });
    await bus.notices.publish(KeysUsed, { ...NOTICE, keyIds: JSON.parse('[1]') });
    await eventually(() => expect(events).toHaveLength(2));
    expect(events).toEqual(Array(2).fill('log A message could not be handled'));
  });

  it('ends only when what it was asked has been answered', async () => {
    const [begun, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const { bus, events, ask } = await listen(async () => {
      begun.resolve(undefined);
      await released.promise;
      events.push('answers');
      return REPLY;
    });
    const reply = ask();
    await begun.promise;
    const closed = bus.listener.close().then(() => events.push('closed'));
    setImmediate(() => released.resolve(undefined));
    await Promise.all([closed, expect(reply).resolves.toEqual(REPLY)]);
    expect(events).toEqual([`asked ${REQUEST.vid}`, 'answers', 'closed']);
    await expect(ask()).rejects.toMatchObject({ reason: 'no_responders' });
  });
});
