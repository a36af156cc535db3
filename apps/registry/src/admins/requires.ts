import { applyDecorators, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { AdminRole } from '@lethe/platform';

const ROLE = 'lethe:role';

const DRY_RUN_ROLE = 'lethe:dry-run-role';

/**
 * The role that a route needs. Without it, GET needs `viewer` and everything else `editor`.
 * @param dryRun the role for a request with `dryRun=true`, which changes nothing
 */
export function Requires(role: AdminRole, dryRun: AdminRole = role): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ROLE, role),
    SetMetadata(DRY_RUN_ROLE, dryRun),
    ApiExtension('x-required-role', role),
  );
}

/** The role that the route of this request needs. */
export function roleNeeded(context: ExecutionContext): AdminRole {
  const { method, query } = context.switchToHttp().getRequest<FastifyRequest>();
  const isDryRun = typeof query === 'object' && query !== null && 'dryRun' in query && query.dryRun === 'true';
  for (const target of [context.getHandler(), context.getClass()]) {
    const role: unknown = Reflect.getMetadata(isDryRun ? DRY_RUN_ROLE : ROLE, target);
    if (role === 'viewer' || role === 'editor' || role === 'admin') return role;
  }
  return method === 'GET' || method === 'HEAD' ? 'viewer' : 'editor';
}
