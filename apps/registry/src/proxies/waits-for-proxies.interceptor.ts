import { BUCKETS } from '@lethe/contracts';
import { Database, lastRevision } from '@lethe/persistence';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { preferredWaitMs } from '../rest/prefer.js';
import { LiveProxies, type PublishedEntry } from './live-proxies.service.js';

/** Proxies that a response names at most. */
const MAX_NAMED = 20;

/** Delays a response by `Prefer: wait` until the proxies serve what the request has published. */
@Injectable()
export class ProxiesInterceptor implements NestInterceptor<unknown, unknown> {
  constructor(
    private readonly database: Database,
    private readonly proxies: LiveProxies,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    const { prefer } = http.getRequest<FastifyRequest>().headers;
    const waitMs = preferredWaitMs(typeof prefer === 'string' ? prefer : undefined);
    return waitMs === 0 ? next.handle() : from(this.run(http.getResponse<FastifyReply>(), next, waitMs));
  }

  private async run(reply: FastifyReply, next: CallHandler<unknown>, waitMs: number): Promise<unknown> {
    const before = await this.database.read(lastRevision);
    const body = await lastValueFrom(next.handle(), { defaultValue: undefined });
    const entries = await this.publishedAfter(before);
    // https://www.rfc-editor.org/rfc/rfc7240#section-3
    if (await this.proxies.confirmed(entries, waitMs)) {
      void reply.header('preference-applied', `wait=${waitMs / 1_000}`);
    } else {
      const hosts = this.proxies.behind(entries).slice(0, MAX_NAMED);
      if (hosts.length > 0) void reply.header('lethe-not-applied', hosts.map(headerSafe).join(', '));
    }
    return body;
  }

  /** Also what others publish meanwhile: their revisions are later, and soon confirmed too. */
  private publishedAfter(before: number): Promise<PublishedEntry[]> {
    return this.database.read(async (em) => {
      const rows = await em.execute<{ bucket: string; key: string; revision: string }[]>(
        `select bucket, key, revision from published_snapshot where bucket in (?, ?, ?) and revision > ?`,
        [BUCKETS.servers, BUCKETS.callers, BUCKETS.kept, before],
      );
      return rows.map(({ revision, ...entry }) => ({ ...entry, revision: Number(revision) }));
    });
  }
}

/** Names of hosts come over the bus. */
function headerSafe(host: string): string {
  return host.replace(/[^\w.-]/g, '_');
}

/** The route publishes something: with `Prefer: wait` it answers when all live proxies serve it. */
export function WaitsForProxies(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(ProxiesInterceptor),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description:
        '`wait=<seconds>`, at most 20 (RFC 7240): the response comes when all live proxies serve the change, with ' +
        '`Preference-Applied`, or without it when the time is over; `Lethe-Not-Applied` then names the hosts of the proxies ' +
        'that do not serve it yet',
    }),
  );
}
