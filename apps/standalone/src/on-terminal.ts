import { join } from 'node:path';
import type { Standalone } from './standalone.js';

/**
 * The environment of a start on a terminal, where people go on to type commands: log lines of requests would mix with
 * their prompts. A level that is set is never changed.
 */
export function quietly(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env['LETHE_LOG_LEVEL'] ? env : { ...env, LETHE_LOG_LEVEL: 'warn' };
}

/** What a start says on a terminal. */
export function startText({ url, consoleUrl, proxyUrl, home }: Standalone): string {
  return [
    'Lethe has started. Ctrl-C stops it.',
    ...(consoleUrl === undefined ? [] : [`  console          ${consoleUrl}`]),
    `  admin API        ${url}/docs (token in ${join(home, 'admin-token')})`,
    `  virtual servers  ${proxyUrl}/servers/<slug>/mcp`,
    '  Warnings appear here. To log each request too: LETHE_LOG_LEVEL=info',
    '',
  ].join('\n');
}
