import { LAB_QUESTIONS, type ServerAdapter } from '../adapter.js';

export const mastra: ServerAdapter = {
  name: '@mastra/mcp',
  version: '2.0.0',
  packages: { '@mastra/mcp': '2.0.0', '@mastra/core': '1.71.0', zod: '4.6.7' },
  program: 'mastra.mjs',
  start: () => ({ command: 'node', args: ['mastra.mjs'] }),
  questions: { call: LAB_QUESTIONS.call },
};
