import type { Questions } from '../../../support/real-servers/observe.js';

/** What is asked of `@modelcontextprotocol/server-memory`, which two bridges put behind HTTP. */
export const MEMORY_QUESTIONS: Questions = { call: { tool: 'read_graph' } };

export const MEMORY_PACKAGE = { '@modelcontextprotocol/server-memory': '2026.8.31' } as const;
export const MEMORY_ENTRY = 'node_modules/@modelcontextprotocol/server-memory/dist/index.js';
