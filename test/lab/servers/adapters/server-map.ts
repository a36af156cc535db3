import type { ServerAdapter } from '../adapter.js';

export const serverMap: ServerAdapter = {
  name: '@modelcontextprotocol/server-map',
  version: '2.0.3',
  packages: { '@modelcontextprotocol/server-map': '2.0.3' },
  start: () => ({ command: 'node', args: ['node_modules/@modelcontextprotocol/server-map/dist/index.js'] }),
  questions: {
    call: { tool: 'show-map', arguments: { west: -0.5, south: 51.3, east: 0.3, north: 51.7 } },
    read: { uri: 'ui://cesium-map/mcp-app.html' },
  },
};
