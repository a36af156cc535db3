import { applyDecorators, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { AdminRole } from '@lethe/platform';

const ROLE = 'lethe:role';

/** The role that a route needs. Without it, GET needs `viewer` and everything else `editor`. */
export function Requires(role: AdminRole): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(ROLE, role), ApiExtension('x-required-role', role));
}

/** The role that the route of this request needs. */
export function roleNeeded(context: ExecutionContext): AdminRole {
  for (const target of [context.getHandler(), context.getClass()]) {
    const role: unknown = Reflect.getMetadata(ROLE, target);
    if (role === 'viewer' || role === 'editor' || role === 'admin') return role;
  }
  const { method } = context.switchToHttp().getRequest<FastifyRequest>();
  return method === 'GET' || method === 'HEAD' ? 'viewer' : 'editor';
}
