import { LAB_QUESTIONS, type ServerAdapter } from '../adapter.js';

const VERSION = '4.2.3';
const prepare: ServerAdapter['prepare'] = async (run) => {
  await run('python3', ['-m', 'venv', 'venv']);
  await run('venv/bin/pip', ['install', '--quiet', '--disable-pip-version-check', `fastmcp==${VERSION}`]);
};

export const fastmcpPython: ServerAdapter = {
  name: 'FastMCP (Python)',
  version: VERSION,
  program: 'fastmcp-python.py',
  prepare,
  start: ({ folder }) => ({ command: `${folder}/venv/bin/python`, args: ['fastmcp-python.py'] }),
  questions: LAB_QUESTIONS,
};
