import type { ServerAdapter } from '../adapter.js';

export const mongodb: ServerAdapter = {
  name: 'mongodb-mcp-server',
  version: '3.0.4',
  packages: { 'mongodb-mcp-server': '3.0.4' },
  start: ({ port }) => ({
    command: 'node',
    args: [
      'node_modules/mongodb-mcp-server/dist/esm/index.js',
      ...['--transport', 'http', '--httpHost', '127.0.0.1', '--httpPort', String(port), '--telemetry', 'disabled'],
    ],
  }),
  // No database is needed: what it says without a connection is compared.
  questions: { call: { tool: 'list-databases' }, read: { uri: 'config://config' } },
};
