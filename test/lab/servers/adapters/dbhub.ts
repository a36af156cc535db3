import type { ServerAdapter } from '../adapter.js';

export const dbhub: ServerAdapter = {
  name: '@bytebase/dbhub',
  version: '1.4.0',
  packages: { '@bytebase/dbhub': '1.4.0' },
  start: ({ port }) => ({
    command: 'node',
    args: ['node_modules/@bytebase/dbhub/dist/index.js', '--transport', 'http', '--demo', '--port', String(port)],
  }),
  questions: { call: { tool: 'execute_sql', arguments: { sql: 'select 1 as one' } } },
};
