import type { ForkOptions } from 'node:child_process';

/** glibc gives back large buffers when they are freed (docs/adr/0026-first-database-and-order-of-start.md). */
export const MMAP_THRESHOLD = { MALLOC_MMAP_THRESHOLD_: '1048576' };

/**
 * What a proxy is started with, by npm and in the image: a young generation that holds the garbage of some thousand calls.
 * V8's own first one holds that of a hundred, and waking its threads to collect it is a tenth of a translated call.
 */
export const PROXY_FLAGS = ['--min-semi-space-size=16'];

/** A process of a benchmark that is a proxy, as services start it. @param flags more of them, for measuring */
export function startsAsProxy(...flags: string[]): ForkOptions {
  return { execArgv: [...PROXY_FLAGS, ...flags], env: { ...process.env, ...MMAP_THRESHOLD } };
}
