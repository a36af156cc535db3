import { isObject } from '@lethe/mcp';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ReadBack, readOnlyMembers, rememberReadBack } from './read-back.js';

/**
 * Takes the members of a view that a change does not take out of its body. Before all other guards, because what Lethe has
 * shown is no mistake of the client, whatever it looks like.
 */
@Injectable()
export class ReadBackGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const readOnly = readOnlyMembers(context);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!readOnly || !isObject(request.body)) return true;
    const members = Object.entries(request.body);
    const shown = members.filter(([name]) => readOnly.names.has(name));
    if (shown.length === 0) return true;
    request.body = Object.fromEntries(members.filter(([name]) => !readOnly.names.has(name)));
    rememberReadBack(request, new ReadBack(Object.fromEntries(shown), readOnly.fixed));
    return true;
  }
}
