import { LetheError } from '@lethe/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { credentialFields } from './clear-credential.js';

/**
 * Rejects a body with a credential in any text, whatever field it is in: names the fields, and repeats nothing. It looks at
 * whole bodies and not at fields of its own choice, so that no new field is forgotten.
 */
@Injectable()
export class FreeTextGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    refuseCredentialText(body);
    return true;
  }
}

/** @throws LetheError `credential_in_clear` */
export function refuseCredentialText(body: unknown): void {
  // Other bodies are sealed credentials.
  const fields = typeof body === 'object' ? credentialFields(body) : [];
  if (fields.length === 0) return;
  const errors = fields.slice(0, MAX_NAMED).map((field) => ({ field, rule: 'looks_like_credential' }));
  throw new LetheError('credential_in_clear', { errors });
}

const MAX_NAMED = 20;
