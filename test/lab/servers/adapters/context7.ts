import type { ServerAdapter } from '../adapter.js';

export const context7: ServerAdapter = {
  name: '@upstash/context7-mcp',
  version: '4.1.1',
  packages: { '@upstash/context7-mcp': '4.1.1' },
  start: ({ port }) => ({
    command: 'node',
    args: ['node_modules/@upstash/context7-mcp/dist/index.js', '--transport', 'http', '--port', String(port)],
  }),
  // Without its arguments, so that it asks no service on the internet.
  questions: { call: { tool: 'resolve-library-id' } },
};
