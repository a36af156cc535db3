import { LAB_QUESTIONS, type ServerAdapter } from '../adapter.js';

export const honoMcp: ServerAdapter = {
  name: '@hono/mcp',
  version: '0.3.2',
  packages: {
    '@hono/mcp': '0.3.2',
    '@hono/node-server': '2.1.9',
    '@modelcontextprotocol/sdk': '1.32.2',
    hono: '4.13.19',
    zod: '4.6.7',
  },
  program: 'hono-mcp.mjs',
  start: () => ({ command: 'node', args: ['hono-mcp.mjs'] }),
  // One server for everybody: it has no state of a session, and nobody to ask.
  questions: { ...LAB_QUESTIONS, state: [], ask: undefined },
};
