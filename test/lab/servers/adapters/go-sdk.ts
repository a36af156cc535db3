import { LAB_QUESTIONS, type ServerAdapter } from '../adapter.js';

const VERSION = 'v1.8.0';

export const goSdk: ServerAdapter = {
  name: 'github.com/modelcontextprotocol/go-sdk',
  version: '1.8.0',
  program: 'go-sdk.go',
  prepare: async (run) => {
    await run('go', ['mod', 'init', 'lab']);
    await run('go', ['get', `github.com/modelcontextprotocol/go-sdk@${VERSION}`]);
    await run('go', ['mod', 'tidy']);
    await run('go', ['build', '-o', 'server', '.']);
  },
  start: ({ folder }) => ({ command: `${folder}/server`, args: [] }),
  questions: LAB_QUESTIONS,
};
