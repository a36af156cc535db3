import { applyDecorators, Controller, createParamDecorator, type ExecutionContext, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { BodyGuard } from '../rest/body.guard.js';
import { AdminGuard, identityOf } from './admin.guard.js';

/** Marks a controller of the admin API. Only administrators may call it. */
export function AdminController(path: string, tag: string): ClassDecorator {
  return applyDecorators(Controller(`v1/${path}`), UseGuards(AdminGuard, BodyGuard), ApiBearerAuth(), ApiTags(tag));
}

/** Injects the administrator who sent the request. */
export const CurrentAdmin = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  identityOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
