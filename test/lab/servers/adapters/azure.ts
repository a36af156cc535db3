import type { ServerAdapter } from '../adapter.js';

export const azure: ServerAdapter = {
  name: '@azure/mcp',
  version: '2.0.5',
  packages: { '@azure/mcp': '2.0.5' },
  start: ({ port }) => ({
    command: 'node',
    args: [
      'node_modules/@azure/mcp/index.js',
      ...['server', 'start', '--transport', 'http', '--mode', 'namespace', '--dangerously-disable-http-incoming-auth'],
    ],
    env: { ASPNETCORE_URLS: `http://127.0.0.1:${port}`, AZURE_MCP_COLLECT_TELEMETRY: 'false' },
  }),
  path: '/',
  questions: { call: { tool: 'get_azure_bestpractices', arguments: { intent: 'list', learn: true } } },
};
