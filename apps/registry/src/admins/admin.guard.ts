import { bearerToken } from '@lethe/mcp';
import { keepPlace, LetheError, RefusedCallers } from '@lethe/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { adminRefusal } from './admin-refusal.js';
import { type AdminIdentity, AdminsService } from './admins.service.js';

const identities = new WeakMap<object, AdminIdentity>();

/**
 * The administrator behind a request that passed the guard.
 * @throws LetheError `unauthenticated` for any other request
 */
export function identityOf(request: object): AdminIdentity {
  const identity = identities.get(request);
  if (identity === undefined) throw new LetheError('unauthenticated');
  return identity;
}

/** Whether a request is that of an administrator, and has passed the guard. */
export function hasIdentity(request: object): boolean {
  return identities.has(request);
}

/** Lets only administrators pass. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly admins: AdminsService,
    private readonly refused: RefusedCallers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { authorization } = request.headers;
    const token = bearerToken(authorization);
    const identity = token === undefined ? undefined : await this.admins.identify(token);
    if (identity !== undefined) {
      identities.set(request, identity);
      keepPlace(request.raw.socket);
      return true;
    }
    const { error, challenge } = adminRefusal(authorization);
    this.refused.record(request.raw, String(error.detail['why']));
    void http.getResponse<FastifyReply>().header('www-authenticate', challenge);
    throw error;
  }
}
