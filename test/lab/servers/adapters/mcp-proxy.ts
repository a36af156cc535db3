import type { ServerAdapter } from '../adapter.js';
import { MEMORY_ENTRY, MEMORY_PACKAGE, MEMORY_QUESTIONS } from './memory-questions.js';

export const mcpProxy: ServerAdapter = {
  name: 'mcp-proxy',
  version: '6.7.19',
  packages: { 'mcp-proxy': '6.7.19', ...MEMORY_PACKAGE },
  start: ({ port }) => ({
    command: 'node',
    args: [
      'node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs',
      ...['--host', '127.0.0.1', '--port', String(port), '--server', 'stream'],
      ...['--', 'node', MEMORY_ENTRY],
    ],
  }),
  questions: MEMORY_QUESTIONS,
};
