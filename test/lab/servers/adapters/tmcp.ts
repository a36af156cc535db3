import { LAB_QUESTIONS, type ServerAdapter } from '../adapter.js';

export const tmcp: ServerAdapter = {
  name: 'tmcp',
  version: '1.20.0',
  packages: {
    tmcp: '1.20.0',
    '@tmcp/transport-http': '0.9.0',
    '@tmcp/adapter-zod': '0.1.7',
    srvx: '1.0.8',
    zod: '4.6.7',
  },
  program: 'tmcp.mjs',
  start: () => ({ command: 'node', args: ['tmcp.mjs'] }),
  questions: LAB_QUESTIONS,
};
