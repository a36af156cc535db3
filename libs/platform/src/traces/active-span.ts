import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from './tracer.js';

/**
 * The span of the request for which the current work is done: an admin request at the registry, a request over the bus. The
 * proxy's calls carry theirs in the request object instead.
 */
export const activeSpan = new AsyncLocalStorage<Span>();
