import type { Socket } from 'node:net';
import { LetheError } from '@lethe/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
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
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerToken(request.headers.authorization);
    const identity = token === undefined ? undefined : await this.admins.identify(token);
    if (identity === undefined) throw new LetheError('unauthenticated');
    identities.set(request, identity);
    ADMINS_CONNECTIONS.add(request.raw.socket);
    return true;
  }
}
