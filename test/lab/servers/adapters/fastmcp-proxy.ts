import { LAB_QUESTIONS, type ServerAdapter } from '../adapter.js';
import { fastmcp } from './fastmcp.js';
import { fastmcpPython } from './fastmcp-python.js';

export const fastmcpProxy: ServerAdapter = {
  ...fastmcpPython,
  name: 'FastMCP (Python) as a proxy of fastmcp 4.20.16',
  program: 'fastmcp-proxy.py',
  behind: fastmcp,
  start: ({ folder }) => ({ command: `${folder}/venv/bin/python`, args: ['fastmcp-proxy.py'] }),
  questions: LAB_QUESTIONS,
};
