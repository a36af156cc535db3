import { LetheError } from '@lethe/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hasClearCredential } from './clear-credential.js';

/** Refuses JSON that carries a credential in clear, before validation could call it an unknown field. Echoes nothing. */
@Injectable()
export class ClearCredentialGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (typeof body === 'object' && hasClearCredential(body)) throw new LetheError('credential_in_clear');
    return true;
  }
}
