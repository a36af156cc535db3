import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { withinRequest } from '../audit/trail/request-scope.js';
import { actorOf, identityOf } from './admin-identity.js';
import { operationOf } from './operation-of.js';

/** Lets everything that a request does know whose request it is. */
@Injectable()
export class RequestScopeInterceptor implements NestInterceptor<unknown, unknown> {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const scope = { actor: actorOf(identityOf(request)), operation: operationOf(context), requestId: request.id };
    // A handler runs when its observable is subscribed to.
    return new Observable((subscriber) => withinRequest(scope, () => next.handle().subscribe(subscriber)));
  }
}
