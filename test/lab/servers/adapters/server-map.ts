import type { ServerAdapter } from '../adapter.js';

export const serverMap: ServerAdapter = {
  name: '@modelcontextprotocol/server-map',
  version: '2.0.3',
  packages: { '@modelcontextprotocol/server-map': '2.0.3' },
  start: () => ({ command: 'node', args: ['node_modules/@modelcontextprotocol/server-map/dist/index.js'] }),
  questions: {
    // What it answers to good arguments has a random id in it.
    call: { tool: 'show-map', arguments: { west: 'nowhere' } },
    read: { uri: 'ui://cesium-map/mcp-app.html' },
  },
};
