import type { openTrial } from './open-trial.js';

/**
 * Loads the MCP client, which is large and needed here only. The page's policy has no `eval`: zod would try it at its first
 * schema, and the browser would report it. It is told so before the client's schemas are made.
 */
export async function loadTrial(): Promise<{ openTrial: typeof openTrial }> {
  const { config } = await import('zod/v4/core');
  config({ jitless: true });
  return import('./open-trial.js');
}
