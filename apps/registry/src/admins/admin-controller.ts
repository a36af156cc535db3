import {
  applyDecorators,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiForbiddenResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { FreeTextGuard } from '../rest/free-text.guard.js';
import { StorableBodyGuard } from '../rest/storable-body.guard.js';
import { identityOf } from './admin-identity.js';
import { AdminGuard } from './admin.guard.js';
import { RequestScopeInterceptor } from './request-scope.interceptor.js';

/** Marks a controller of the admin API. Only administrators may call it; `Requires` says which. */
export function AdminController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(`v1/${path}`),
    UseGuards(AdminGuard, StorableBodyGuard, FreeTextGuard),
    UseInterceptors(RequestScopeInterceptor),
    ApiBearerAuth(),
    ApiUnauthorizedResponse({ description: '`unauthenticated`: without a valid token; `why` says what is wrong' }),
    ApiForbiddenResponse({ description: '`role_required`: `role` is the one that is needed' }),
    ApiTooManyRequestsResponse({
      description: '`too_many_failures`: without a valid token, too often; see `Retry-After`',
    }),
    ApiTags(tag),
  );
}

/** Injects the administrator who sent the request. */
export const CurrentAdmin = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  identityOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
