import {
  applyDecorators,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { BodyGuard } from '../rest/body.guard.js';
import { FreeTextGuard } from '../rest/free-text.guard.js';
import { identityOf } from './admin-identity.js';
import { AdminGuard } from './admin.guard.js';
import { RequestScopeInterceptor } from './request-scope.interceptor.js';

/** Marks a controller of the admin API. Only administrators may call it; `Requires` says which. */
export function AdminController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(`v1/${path}`),
    UseGuards(AdminGuard, BodyGuard, FreeTextGuard),
    UseInterceptors(RequestScopeInterceptor),
    ApiBearerAuth(),
    ApiTags(tag),
  );
}

/** Injects the administrator who sent the request. */
export const CurrentAdmin = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  identityOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
