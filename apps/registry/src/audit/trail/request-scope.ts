import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from './actor.js';

/** The request of an administrator that is being answered. */
export interface RequestScope {
  actor: Actor;
  /** `operationId` of the OpenAPI document. */
  operation: string;
  requestId: string;
}

const scopes = new AsyncLocalStorage<RequestScope>();

/** Runs `work`, and what it starts, as part of a request. */
export function withinRequest<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work);
}

/** The request that the present work is part of, if it is part of one. */
export function requestScope(): RequestScope | undefined {
  return scopes.getStore();
}
