import { bearerToken } from '@lethe/mcp';
import { type AdminRole, FailedLogins, includesRole, keepPlace, LetheError, RefusedCallers } from '@lethe/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorOf, type AdminIdentity, setIdentity } from './admin-identity.js';
import { AdminIdentities } from './admin-identities.service.js';
import { type AdminProblem, adminRefusal } from './admin-refusal.js';
import type { OidcIdentity } from './oidc-admins.service.js';
import { operationOf } from './operation-of.js';
import { RefusedRoles } from './refused-roles.service.js';
import { roleNeeded } from './requires.js';

/** Lets only administrators pass, with the role that the route needs. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly identities: AdminIdentities,
    private readonly refused: RefusedCallers,
    private readonly failures: FailedLogins,
    private readonly refusedRoles: RefusedRoles,
  ) {}

  /** @throws LetheError `unauthenticated`, `too_many_failures`, `role_required` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { authorization } = request.headers;
    const found = await this.identities.identify(bearerToken(authorization), authorization, new Date());
    if (typeof found === 'string') throw this.refusal(request, http.getResponse<FastifyReply>(), found);
    const needed = roleNeeded(context);
    if (!hasRole(found, needed)) {
      this.refused.record(request.raw, found.role === undefined ? 'token_without_role' : 'role_required');
      await this.refusedRoles.record({
        actor: actorOf(found),
        operation: operationOf(context),
        requestId: request.id,
      });
      throw new LetheError('role_required', { role: needed });
    }
    setIdentity(request, found);
    keepPlace(request.raw.socket);
    return true;
  }

  private refusal(request: FastifyRequest, reply: FastifyReply, why: AdminProblem): LetheError {
    const { authorization } = request.headers;
    const { detail, challenge } = adminRefusal(why, authorization, this.identities.acceptsTokensOfIssuer);
    void reply.header('www-authenticate', challenge);
    // Not the fault of who sent it.
    const isCounted = why !== 'issuer_unreachable';
    const retryAfterSeconds = isCounted ? this.failures.fail(this.refused.addressOf(request.raw)) : undefined;
    this.refused.record(request.raw, retryAfterSeconds === undefined ? why : 'too_many_failures');
    if (retryAfterSeconds === undefined) return new LetheError('unauthenticated', detail);
    return new LetheError('too_many_failures', { ...detail, retryAfterSeconds });
  }
}

function hasRole(identity: AdminIdentity | OidcIdentity, needed: AdminRole): identity is AdminIdentity {
  return identity.role !== undefined && includesRole(identity.role, needed);
}
