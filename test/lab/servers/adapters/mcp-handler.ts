import { LAB_QUESTIONS, type ServerAdapter } from '../adapter.js';

export const mcpHandler: ServerAdapter = {
  name: 'mcp-handler',
  version: '2.4.0',
  packages: {
    'mcp-handler': '2.4.0',
    '@modelcontextprotocol/server': '2.4.0',
    next: '16.4.6',
    srvx: '1.0.8',
    zod: '4.6.7',
  },
  program: 'mcp-handler.mjs',
  start: () => ({ command: 'node', args: ['mcp-handler.mjs'] }),
  questions: { ...LAB_QUESTIONS, ask: undefined },
};
