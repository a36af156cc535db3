import type { ServerAdapter } from '../adapter.js';
import { MEMORY_ENTRY, MEMORY_PACKAGE, MEMORY_QUESTIONS } from './memory-questions.js';

export const supergateway: ServerAdapter = {
  name: 'supergateway',
  version: '4.0.0',
  packages: { supergateway: '4.0.0', ...MEMORY_PACKAGE },
  start: ({ port }) => ({
    command: 'node',
    args: [
      'node_modules/supergateway/dist/index.js',
      ...['--stdio', `node ${MEMORY_ENTRY}`],
      ...['--outputTransport', 'streamableHttp', '--port', String(port)],
    ],
  }),
  questions: MEMORY_QUESTIONS,
};
