import { LAB_QUESTIONS, type ServerAdapter } from '../adapter.js';

export const fastmcp: ServerAdapter = {
  name: 'fastmcp',
  version: '4.20.16',
  packages: { fastmcp: '4.20.16', zod: '4.6.7' },
  program: 'fastmcp.mjs',
  start: () => ({ command: 'node', args: ['fastmcp.mjs'] }),
  questions: LAB_QUESTIONS,
};
