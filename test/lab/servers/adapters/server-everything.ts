import type { ServerAdapter } from '../adapter.js';

const ARCHIVE = { name: 'a.gz', data: 'data:text/plain;base64,aGVsbG8=', outputType: 'resourceLink' };

export const serverEverything: ServerAdapter = {
  name: '@modelcontextprotocol/server-everything',
  version: '2026.8.31',
  packages: { '@modelcontextprotocol/server-everything': '2026.8.31' },
  start: () => ({
    command: 'node',
    args: ['node_modules/@modelcontextprotocol/server-everything/dist/index.js', 'streamableHttp'],
  }),
  questions: {
    call: { tool: 'echo', arguments: { message: 'over the river' } },
    read: { uri: 'demo://resource/static/document/architecture.md' },
    prompt: { prompt: 'simple-prompt' },
    // The tool makes a resource that only its session has.
    state: [{ tool: 'gzip-file-as-resource', arguments: ARCHIVE }, { uri: 'demo://resource/session/a.gz' }],
    ask: { tool: 'trigger-elicitation-request' },
  },
};
