import type { Readable } from 'node:stream';
import { includesRole, LetheError, LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { AdminIdentities } from '../admins/admin-identities.service.js';
import type { AdminIdentity } from '../admins/admin-identity.js';
import { AuditLogService } from '../audit/audit-log.service.js';
import { EventHead } from './event-head.service.js';
import { eventText, HEARTBEAT, openingText, resetText } from './event-text.js';
import { toEvent } from './event.view.js';
import { pulledTexts } from './pulled-texts.js';

/** Streams that one administrator may have at a time, at one registry. */
export const MAX_STREAMS = 8;
const HEARTBEAT_MS = 15_000;
/** How often it is asked whether the administrator is still one, and which role that is. */
const RECHECK_MS = 1_000;
/** A stream that should end, but whose client takes nothing, is broken off after so long. */
const GRACE_MS = 500;
const BATCH = 200;

/** Who reads, from where on, and about what. */
export interface EventRequest {
  reader: AdminIdentity;
  authorization: { header: string | undefined; token: string | undefined };
  /** The last event that the client has; undefined for what happens from now on. */
  lastEventId: number | undefined;
  target: string | undefined;
}

/** An open stream. */
interface OpenStream extends EventRequest {
  ending: AbortController;
}

/**
 * Streams of events. They are read from the audit log, whose numbers have no gap and are committed in their order, so a number is
 * enough to go on from. Each stream reads for itself, only as fast as its client takes it, and keeps nothing for one that does not.
 */
@Injectable()
export class EventStreams {
  private readonly open = new Set<OpenStream>();
  private isEnding = false;

  constructor(
    private readonly log: AuditLogService,
    private readonly head: EventHead,
    private readonly identities: AdminIdentities,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws LetheError `too_many_streams`, `database_unavailable` */
  async start(request: EventRequest): Promise<Readable> {
    const own = [...this.open].filter(({ reader }) => reader.id === request.reader.id);
    if (own.length >= MAX_STREAMS) throw new LetheError('too_many_streams', { max: MAX_STREAMS });
    const stream: OpenStream = { ...request, ending: new AbortController() };
    this.open.add(stream);
    try {
      const begin = await this.beginning(request);
      return this.readable(stream, begin);
    } catch (error) {
      this.open.delete(stream);
      throw error;
    }
  }

  /** Ends all streams: their clients connect again, to another registry. */
  end(): void {
    this.isEnding = true;
    for (const { ending } of this.open) ending.abort();
  }

  private readable(stream: OpenStream, begin: { text: string; seq: number }): Readable {
    const recheck = setInterval(() => void this.recheck(stream), RECHECK_MS);
    const readable = pulledTexts(this.texts(stream, begin), () => {
      clearInterval(recheck);
      this.open.delete(stream);
      stream.ending.abort();
    });
    const breakOff = (): unknown => setTimeout(() => readable.destroy(), GRACE_MS).unref();
    stream.ending.signal.addEventListener('abort', breakOff, { once: true });
    if (this.isEnding) stream.ending.abort();
    return readable;
  }

  /** Where a stream begins. An id of a log that was cut off or that is another one is told with `reset`. */
  private async beginning({ lastEventId }: EventRequest): Promise<{ text: string; seq: number }> {
    const head = await this.head.now();
    if (lastEventId === undefined) return { text: openingText(head), seq: head };
    const isKnown = lastEventId <= head && (await this.log.hasAllAfter(lastEventId));
    if (isKnown) return { text: openingText(lastEventId), seq: lastEventId };
    return { text: `${openingText(head)}${resetText(head)}`, seq: head };
  }

  private async *texts(stream: OpenStream, { text, seq }: { text: string; seq: number }): AsyncGenerator<string> {
    const { signal } = stream.ending;
    yield text;
    for (let last = seq; !signal.aborted;) {
      const head = await this.head.beyond(last, HEARTBEAT_MS, signal);
      if (signal.aborted) return;
      if (head === last) yield HEARTBEAT;
      for await (const batch of this.upTo(head, last, stream)) yield batch;
      last = head;
    }
  }

  private async *upTo(head: number, from: number, { reader, target, ending }: OpenStream): AsyncGenerator<string> {
    const { signal } = ending;
    for (let last = from; last < head && !signal.aborted;) {
      const entries = await this.log.between(last, head, { reader, target, limit: BATCH });
      const text = entries
        .map((entry) => toEvent(entry))
        .map((event) => (event ? eventText(event) : ''))
        .join('');
      if (text !== '') yield text;
      last = entries.length < BATCH ? head : (entries.at(-1)?.seq ?? head);
    }
  }

  /** Who is revoked, has expired or has another role sees no more than that. Without a database nothing is sent anyway. */
  private async recheck(stream: OpenStream): Promise<void> {
    const { header, token } = stream.authorization;
    try {
      const found = await this.identities.identify(token, header, new Date());
      if (typeof found === 'string' || found.role === undefined || !includesRole(found.role, 'viewer'))
        return stream.ending.abort();
      stream.reader = { ...found, role: found.role };
    } catch (error) {
      this.logger.debug({ err: error }, 'Whether the reader of events is still an administrator can not be asked');
    }
  }
}
