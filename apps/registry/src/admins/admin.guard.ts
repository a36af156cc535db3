import type { Socket } from 'node:net';
import { LetheError } from '@lethe/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { adminRefusal } from './admin-refusal.js';
import { bearerToken } from './admin-token.js';
import { type AdminIdentity, AdminsService } from './admins.service.js';

/** Connections on which an administrator was identified. They keep their places. */
export const ADMINS_CONNECTIONS = new WeakSet<Socket>();

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

/** Lets only administrators pass. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly admins: AdminsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { authorization } = request.headers;
    const token = bearerToken(authorization);
    const identity = token === undefined ? undefined : await this.admins.identify(token);
    if (identity !== undefined) {
      identities.set(request, identity);
      ADMINS_CONNECTIONS.add(request.raw.socket);
      return true;
    }
    const { error, challenge } = adminRefusal(authorization);
    void http.getResponse<FastifyReply>().header('www-authenticate', challenge);
    throw error;
  }
}
