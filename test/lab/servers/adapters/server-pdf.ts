import type { ServerAdapter } from '../adapter.js';

export const serverPdf: ServerAdapter = {
  name: '@modelcontextprotocol/server-pdf',
  version: '2.0.4',
  packages: { '@modelcontextprotocol/server-pdf': '2.0.4' },
  start: () => ({ command: 'node', args: ['node_modules/@modelcontextprotocol/server-pdf/dist/index.js'] }),
  questions: { call: { tool: 'list_pdfs' }, read: { uri: 'ui://pdf-viewer/mcp-app.html' } },
};
