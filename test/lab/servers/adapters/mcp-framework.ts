import { LAB_QUESTIONS, type ServerAdapter } from '../adapter.js';

export const mcpFramework: ServerAdapter = {
  name: 'mcp-framework',
  version: '0.2.22',
  packages: { 'mcp-framework': '0.2.22', zod: '3.25.76' },
  program: 'mcp-framework.mjs',
  start: () => ({ command: 'node', args: ['mcp-framework.mjs'] }),
  // Its tools are not told which session calls them.
  questions: { ...LAB_QUESTIONS, state: [], ask: { tool: 'ask', arguments: { what: 'now' } } },
};
