import { LetheError } from '@lethe/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { OTHER_TYPE } from './operation.js';

/** Deeper than any body of this API. What walks through a body later calls itself, and would end at some depth. */
const MAX_DEPTH = 64;
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * Rejects query parameters that PostgreSQL can't represent, bodies that are not JSON, unless the route takes another type (`@Consumes`), and JSON that no route takes: too
 * deep, or with strings that PostgreSQL or canonical JSON (RFC 8785) can't represent.
 */
@Injectable()
export class BodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body, headers, method, query } = context.switchToHttp().getRequest<FastifyRequest>();
    const problemOfQuery = problemOf(query, 0);
    if (problemOfQuery) throw refusal(problemOfQuery);
    // Without its body a change would change nothing, and say that it is done.
    if (body === undefined && method === 'PATCH') throw refusal({ rule: 'required' });
    if (body === undefined || body === null) return true;
    const takesOther = Reflect.hasMetadata(OTHER_TYPE, context.getHandler());
    if (!takesOther && !JSON_TYPE.test(headers['content-type'] ?? '')) throw new LetheError('unsupported_media_type');
    requireStorable(body);
    return true;
  }
}

/** @throws LetheError `invalid_request` for data that is too deep, or has a text that can't be stored */
export function requireStorable(body: unknown): void {
  const problem = problemOf(body, 0);
  if (problem) throw refusal(problem);
}

function refusal(problem: { rule: string; limit?: number }): LetheError {
  return new LetheError('invalid_request', { errors: [{ field: '*', ...problem }] });
}

function problemOf(value: unknown, depth: number): { rule: string; limit?: number } | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : { rule: 'not_storable' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= MAX_DEPTH) return { rule: 'max_depth', limit: MAX_DEPTH };
  for (const [name, member] of Object.entries(value)) {
    const problem = isStorable(name) ? problemOf(member, depth + 1) : { rule: 'not_storable' };
    if (problem) return problem;
  }
  return undefined;
}

/** Whether a text has no NUL and no lone surrogate. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
