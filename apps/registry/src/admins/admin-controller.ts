import { applyDecorators, Controller, createParamDecorator, type ExecutionContext, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AdminGuard, identityOf } from './admin.guard.js';

/** A controller of the admin API: administrators only. */
export function AdminController(path: string, tag: string) {
  return applyDecorators(Controller(`v1/${path}`), UseGuards(AdminGuard), ApiBearerAuth(), ApiTags(tag));
}

/** The administrator who asks. */
export const AskingAdmin = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  identityOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
