import {
  type BaseRpcContext,
  type MessageHandler,
  NatsContext,
  ServerNats,
  type WritePacket,
} from '@nestjs/microservices';
import type { Logger } from '@lethe/platform';
import { type Observable, throwError } from 'rxjs';
import type { BusLink } from '../bus-link.js';
import type { CoreCallback, CoreConnection, CoreSubscription } from '../core-connection.js';
import { BoundedSerializer, RequestDeserializer } from './packets.js';
import type { GatedServer } from './responder-gate.js';
import type { RequestSpans } from './request-spans.js';
import type { ResponderRegistry } from './responder-registry.js';

/** Nest's NATS server over an application's own link. Its subscriptions can be ended and restarted at run time. */
export class LetheNatsServer extends ServerNats implements GatedServer {
  private readonly joined = new Map<string, CoreSubscription>();
  private readonly left = new Set<string>();
  private readonly running = new Set<Promise<unknown>>();
  private client: CoreConnection | undefined;

  constructor(
    private readonly link: BusLink,
    private readonly registry: ResponderRegistry,
    private readonly log: Logger | undefined,
    private readonly spans: RequestSpans,
  ) {
    super({ serializer: new BoundedSerializer(), deserializer: new RequestDeserializer() });
  }

  /** Starts immediately. If the bus is unavailable, the subscriptions follow later. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    this.addRegistered();
    const bound = this.link.connection().then((client) => this.bind(client));
    bound.catch((error: unknown) => this.log?.error({ err: error }, 'Responders could not be subscribed'));
    await Promise.race([bound, this.link.connectedOrTimedOut()]).then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  async leave(subject: string): Promise<void> {
    this.left.add(subject);
    const subscription = this.joined.get(subject);
    this.joined.delete(subject);
    await subscription?.drain().catch((error: unknown) => this.handleError(error));
  }

  async join(subject: string): Promise<void> {
    this.left.delete(subject);
    if (this.client) this.subscribe(this.client, subject);
    await this.client?.flush();
  }

  /** Ends all subscriptions and waits for running requests. The application itself closes the link, last. */
  override async close(): Promise<void> {
    await Promise.all([...this.joined.keys()].map((subject) => this.leave(subject)));
    this.client = undefined;
    await Promise.allSettled(this.running);
  }

  override unwrap<T>(): T {
    throw new Error('Use RequestClient, EventPublisher or SnapshotStore instead of the bare connection.');
  }

  /**
   * Nest's own ends while the reply is still awaited. This one ends with the reply: the close waits for it, and its span ends.
   * @returns a promise, which Nest awaits; it rejects with what the responder threw, when the other side knows that it failed
   */
  protected override handleRequest(
    context: BaseRpcContext,
    produce: () => Promise<Observable<unknown>>,
    respond: (packet: WritePacket) => unknown,
  ): unknown {
    const replied = Promise.withResolvers<undefined>();
    const respondAndEnd = async (packet: WritePacket): Promise<void> => {
      try {
        await respond(packet);
        if (packet.err !== undefined) replied.reject(packet.err);
        else if (packet.isDisposed === true) replied.resolve(undefined);
      } catch (error) {
        replied.reject(error);
      }
    };
    const produced = (): Promise<Observable<unknown>> => produce().catch((error: unknown) => throwError(() => error));
    super.handleRequest(context, produced, respondAndEnd);
    return replied.promise;
  }

  /** Errors thrown here may quote the message. What a controller threw is no error any more: Nest has logged it. */
  protected override handleError(error: unknown): void {
    if (error instanceof Error) this.log?.warn({ err: error }, 'A message could not be handled');
  }

  private async bind(client: CoreConnection): Promise<void> {
    this.client = client;
    for (const subject of this.messageHandlers.keys()) if (!this.left.has(subject)) this.subscribe(client, subject);
    await client.flush();
  }

  private subscribe(client: CoreConnection, subject: string): void {
    const handler = this.messageHandlers.get(subject);
    if (!handler || this.joined.has(subject)) return;
    const { queue, template }: Record<string, unknown> = handler.extras ?? {};
    const named = typeof template === 'string' ? template : subject;
    const callback: CoreCallback = (error, message) => {
      if (error) return this.handleError(error);
      const handle = (): Promise<void> => this.handleMessage(subject, message);
      const run = this.spans.answering(named, message, handle).catch((thrown: unknown) => this.handleError(thrown));
      this.running.add(run);
      void run.finally(() => this.running.delete(run));
    };
    this.joined.set(subject, client.subscribe(subject, { ...(typeof queue === 'string' && { queue }), callback }));
  }

  private addRegistered(): void {
    for (const { subject, template, queue, respond } of this.registry.all()) {
      const handler: MessageHandler = async (payload: unknown, context: unknown) =>
        this.transformToObservable(
          respond(payload, { subject: context instanceof NatsContext ? context.getSubject() : subject }),
        );
      this.addHandler(subject, handler, false, { queue, template });
    }
  }
}
