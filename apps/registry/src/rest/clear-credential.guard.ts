import { LetheError } from '@lethe/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hasClearCredential } from './clear-credential.js';
import { refuseCredentialText } from './free-text.guard.js';

/**
 * Rejects JSON with a credential in clear, without repeating it. Runs before validation, which would report an unknown
 * field instead.
 */
@Injectable()
export class ClearCredentialGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    refuseCredentialText(body);
    if (typeof body === 'object' && hasClearCredential(body)) throw new LetheError('credential_in_clear');
    return true;
  }
}
