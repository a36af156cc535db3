import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LetheError } from '@lethe/platform';
import { Observable, tap } from 'rxjs';
import { withinRequest } from '../audit/trail/request-scope.js';
import { TamperLog } from '../rows/tamper-log.service.js';
import { TamperedRow } from '../rows/tampered-row.js';
import { actorOf, identityOf } from './admin-identity.js';
import { operationOf } from './operation-of.js';

/** Lets everything that a request does know whose request it is, and the log know of rows that it found changed. */
@Injectable()
export class RequestScopeInterceptor implements NestInterceptor<unknown, unknown> {
  constructor(private readonly tamper: TamperLog) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const scope = { actor: actorOf(identityOf(request)), operation: operationOf(context), requestId: request.id };
    // A handler runs when its observable is subscribed to.
    const handled = new Observable((subscriber) => withinRequest(scope, () => next.handle().subscribe(subscriber)));
    return handled.pipe(tap({ error: (error: unknown) => this.noteTampered(error) }));
  }

  private noteTampered(error: unknown): void {
    if (error instanceof LetheError && error.cause instanceof TamperedRow) {
      this.tamper.report(error.cause.table, error.cause.key);
    }
  }
}
