import { LetheError } from '@lethe/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Whether every string in it can be stored and signed: it has no NUL and no lone surrogate. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorable(member));
}

/** Rejects bodies with strings that PostgreSQL or canonical JSON (RFC 8785) can't represent. */
@Injectable()
export class StorableBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (isStorable(body)) return true;
    throw new LetheError('invalid_request', { errors: [{ field: '*', rule: 'not_storable' }] });
  }
}
