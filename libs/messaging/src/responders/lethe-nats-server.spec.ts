import { handshakeSubject, OpenCredential, type OpenCredentialReply } from '@lethe/contracts';
import { activeSpan, createLogger, type Span, type SpanEnd, type SpanForm, Tracer } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { MemoryBroker } from '../memory/memory-broker.js';
import { MemoryLink } from '../memory/memory-link.js';
import { LetheNatsServer } from './lethe-nats-server.js';
import { RequestClient } from './request-client.js';
import { RequestSpans } from './request-spans.js';
import { ResponderRegistry } from './responder-registry.js';

const SUBJECT = handshakeSubject('c1', 's1');
const REQUEST = { vid: '3f1d3c5e-7f43-4a55-9b3a-0f4a2f0f5a11', sealed: 'a.b.c.d.e' };
const PARENT: Span = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  flags: 1,
  parent: undefined,
  isParentRemote: true,
  startedAt: 0,
};

/** Notes the spans that end, by name. */
class NotingTracer extends Tracer {
  constructor(private readonly events: string[]) {
    super();
  }

  begin = (): Span => PARENT;
  child = (): Span => PARENT;
  form = (_kind: string, name: string): SpanForm => ({ bytes: Buffer.from(name), hasAttributes: false });
  end = (_span: Span, { bytes }: SpanForm, end?: SpanEnd): void =>
    void this.events.push(`${bytes.toString()} ${end?.isError ? 'failed' : 'ended'}`);
  close = (): Promise<void> => Promise.resolve();
}

/** A responder on a bus, and what happens in order. */
async function serve(respond: () => Promise<OpenCredentialReply>) {
  const events: string[] = [];
  const link = new MemoryLink(new MemoryBroker());
  const registry = new ResponderRegistry();
  registry.respond(OpenCredential, SUBJECT, respond);
  const logger = createLogger('connector', 'warn', {
    write: (line) => void events.push(`log ${JSON.parse(line).msg}`),
  });
  const server = new LetheNatsServer(link, registry, logger, new RequestSpans(new NotingTracer(events)));
  await server.listen((error) => expect(error).toBeUndefined());
  const client = new RequestClient(link, '_INBOX_a', new RequestSpans(undefined));
  const ask = (): Promise<OpenCredentialReply> =>
    activeSpan.run(PARENT, () => client.request(OpenCredential, REQUEST, { timeoutMs: 5_000, subject: SUBJECT }));
  return { events, server, ask };
}

describe('LetheNatsServer', () => {
  const process = `process ${OpenCredential.subject}`;

  it('ends only when what it was asked has been answered, and so does the span', async () => {
    const [begun, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const { events, server, ask } = await serve(async () => {
      begun.resolve(undefined);
      await released.promise;
      events.push('answers');
      return { reply: 'a.b.c' };
    });
    const reply = ask();
    await begun.promise;
    const closed = server.close().then(() => events.push('closed'));
    setImmediate(() => released.resolve(undefined));
    await Promise.all([closed, expect(reply).resolves.toEqual({ reply: 'a.b.c' })]);
    expect(events).toEqual(['answers', `${process} ended`, 'closed']);
  });

  it('tells a responder that throws by its span and in the log, without its message', async () => {
    const { events, server, ask } = await serve(() => Promise.reject(new Error('secret')));
    await expect(ask()).rejects.toMatchObject({ reason: 'failed' });
    await server.close();
    expect(events).toEqual([`${process} failed`, 'log A message could not be handled']);
  });
});
