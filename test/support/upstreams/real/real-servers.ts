import type { JsonObject } from '@lethe/contracts';
import type { RealServer, Refusal } from './real-server.js';

const error = (status: number, code: number, data?: JsonObject): Refusal => ({ status, code, data });
const text = (status: number, body = 'Bad Request'): Refusal => ({ status, text: body });

const NOT_INITIALIZED = error(400, -32000);
const NOT_ALLOWED = error(405, -32000);
const ENDED = text(200, '');

const CHANGES = { listChanged: true };
const SILENT = { listChanged: false };
const TOOLS = { tools: CHANGES };
const WITH_RESOURCES = { resources: CHANGES, tools: CHANGES };
const ALL_KINDS = { prompts: CHANGES, resources: CHANGES, tools: CHANGES };
const WATCHED = { resources: { subscribe: true, listChanged: true }, tools: CHANGES };
const MONGODB = { logging: {}, completions: {}, ...WATCHED };
const CONTEXT7 = { prompts: SILENT, resources: { subscribe: false, listChanged: false }, tools: SILENT };
const PYTHON = {
  logging: {},
  prompts: CHANGES,
  resources: { subscribe: false, listChanged: true },
  tools: CHANGES,
};
const PYTHON_MODERN = { logging: {}, ...CONTEXT7, extensions: { 'io.modelcontextprotocol/ui': {} } };

/** A transport of one JSON-RPC request for each HTTP request, as the official SDKs have it. */
const STATELESS = { sessions: 'none', results: 'events' } as const;

/** Real servers as `npm run lab:servers` found them; docs/compatibility-servers.md has the same table, measured. */
export const REAL_SERVERS: readonly RealServer[] = [
  {
    name: '@modelcontextprotocol/server-everything',
    version: '2026.8.31',
    instructions: 'Instructions of the reference server',
    legacy: {
      capabilities: { logging: {}, completions: {}, ...WATCHED, prompts: CHANGES, tasks: { list: {}, cancel: {} } },
      ask: 'asks',
      hidesAsk: true,
      sessions: 'kept',
      unknownId: NOT_INITIALIZED,
      withoutId: NOT_INITIALIZED,
      results: 'events ids primer',
    },
    modern: NOT_INITIALIZED,
    unknownTool: 'isError',
    get: NOT_INITIALIZED,
    delete: NOT_INITIALIZED,
  },
  {
    name: 'fastmcp',
    version: '4.20.16',
    instructions: 'Instructions of a fastmcp server',
    legacy: {
      capabilities: { logging: {}, completions: {}, ...WATCHED, prompts: CHANGES, tools: {} },
      ask: 'asks',
      sessions: 'kept',
      unknownId: error(404, -32001),
      withoutId: NOT_INITIALIZED,
      results: 'events ids primer',
    },
    modern: error(400, -32000, { reason: 'server_missing_modern_protocol_support' }),
    unknownTool: -32601,
    get: text(400),
    delete: text(400),
  },
  {
    name: 'mcp-framework',
    version: '0.2.22',
    legacy: {
      capabilities: { completions: {}, prompts: {}, resources: {}, tools: {} },
      ask: 'asks',
      sessions: 'kept',
      unknownId: error(404, -32001),
      withoutId: NOT_INITIALIZED,
      results: 'events',
    },
    modern: NOT_INITIALIZED,
    unknownTool: -32603,
    get: NOT_INITIALIZED,
    delete: NOT_INITIALIZED,
  },
  {
    name: '@hono/mcp',
    version: '0.3.2',
    instructions: 'Instructions of a Hono server',
    legacy: { ...STATELESS, capabilities: ALL_KINDS },
    modern: error(404, -32000),
    unknownTool: 'isError',
    get: 'stream',
    delete: ENDED,
  },
  {
    name: 'tmcp',
    version: '1.20.0',
    instructions: 'Instructions of a tmcp server',
    legacy: {
      capabilities: ALL_KINDS,
      ask: 'asks',
      sessions: 'given',
      results: 'events',
      protocolVersions: ['2025-06-18', '2025-03-26'],
    },
    modern: { capabilities: ALL_KINDS, ask: 'asks' },
    unknownTool: 'isError',
    get: 'stream',
    delete: ENDED,
  },
  {
    name: 'supergateway',
    version: '4.0.0',
    legacy: { ...STATELESS, capabilities: WATCHED },
    modern: error(404, -32601),
    unknownTool: 'isError',
    get: NOT_ALLOWED,
    delete: NOT_ALLOWED,
  },
  {
    name: 'mcp-proxy',
    version: '6.7.19',
    legacy: {
      capabilities: WATCHED,
      sessions: 'kept',
      unknownId: error(404, -32001),
      withoutId: NOT_INITIALIZED,
      results: 'events ids primer',
    },
    modern: { capabilities: WATCHED },
    unknownTool: 'isError',
    get: text(400),
    delete: text(400),
  },
  {
    name: '@playwright/mcp',
    version: '0.0.83',
    legacy: {
      capabilities: { tools: {} },
      sessions: 'kept',
      unknownId: text(404, 'Session not found'),
      withoutId: text(400),
      results: 'events',
    },
    modern: text(400),
    unknownTool: 'isError',
    get: text(400),
    delete: text(400),
  },
  {
    name: '@upstash/context7-mcp',
    version: '4.1.1',
    instructions: 'Use this server to fetch current documentation',
    legacy: { ...STATELESS, capabilities: CONTEXT7 },
    modern: { capabilities: CONTEXT7 },
    unknownTool: -32602,
    get: NOT_ALLOWED,
    delete: NOT_ALLOWED,
  },
  {
    name: '@notionhq/notion-mcp-server',
    version: '2.5.2',
    legacy: {
      capabilities: { tools: {} },
      sessions: 'kept',
      unknownId: NOT_INITIALIZED,
      withoutId: NOT_INITIALIZED,
      results: 'events',
    },
    modern: NOT_INITIALIZED,
    unknownTool: -32603,
    get: text(400),
    delete: text(400),
  },
  {
    name: '@modelcontextprotocol/server-pdf',
    version: '2.0.4',
    legacy: { ...STATELESS, capabilities: WITH_RESOURCES },
    modern: NOT_INITIALIZED,
    unknownTool: -32602,
    get: 'stream',
    delete: ENDED,
  },
  {
    name: '@modelcontextprotocol/server-map',
    version: '2.0.3',
    legacy: { ...STATELESS, capabilities: WITH_RESOURCES },
    modern: NOT_INITIALIZED,
    unknownTool: -32602,
    get: 'stream',
    delete: ENDED,
  },
  {
    name: '@bytebase/dbhub',
    version: '1.4.0',
    legacy: { ...STATELESS, capabilities: TOOLS },
    modern: { capabilities: TOOLS },
    unknownTool: -32602,
    get: NOT_ALLOWED,
    delete: NOT_ALLOWED,
  },
  {
    name: 'mongodb-mcp-server',
    version: '3.0.4',
    legacy: {
      capabilities: MONGODB,
      sessions: 'kept',
      unknownId: error(404, -32003),
      withoutId: error(400, -32004),
      results: 'events',
    },
    modern: { capabilities: MONGODB },
    unknownTool: -32602,
    get: error(400, -32001),
    delete: error(400, -32001),
  },
  {
    name: '@mastra/mcp',
    version: '2.0.0',
    instructions: 'Instructions of a Mastra server',
    legacy: error(400, -32022, { supported: ['2026-07-28'], requested: '2025-11-25' }),
    modern: { capabilities: { logging: {}, ...TOOLS } },
    unknownTool: 'isError',
    get: NOT_ALLOWED,
    delete: NOT_ALLOWED,
  },
  {
    name: 'mcp-handler',
    version: '2.4.0',
    instructions: 'Instructions of an mcp-handler server',
    legacy: { ...STATELESS, capabilities: ALL_KINDS },
    modern: { capabilities: ALL_KINDS },
    unknownTool: -32602,
    get: NOT_ALLOWED,
    delete: NOT_ALLOWED,
  },
  {
    name: '@azure/mcp',
    version: '2.0.5',
    instructions: 'Azure MCP server usage rules',
    legacy: {
      capabilities: { logging: {}, tools: {} },
      sessions: 'kept',
      unknownId: error(404, -32001),
      withoutId: NOT_INITIALIZED,
      results: 'events',
    },
    modern: NOT_INITIALIZED,
    unknownTool: 'isError',
    get: NOT_INITIALIZED,
    delete: ENDED,
  },
  {
    name: 'github.com/modelcontextprotocol/go-sdk',
    version: '1.8.0',
    instructions: 'Instructions of a Go server',
    legacy: {
      capabilities: { logging: {}, ...ALL_KINDS },
      ask: 'asks',
      sessions: 'kept',
      unknownId: text(404, 'session not found'),
      withoutId: error(200, 0),
      results: 'events',
    },
    modern: { ...error(400, -32022), discovers: ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] },
    unknownTool: -32602,
    get: text(400),
    delete: text(400),
  },
  {
    name: 'FastMCP (Python)',
    version: '4.2.3',
    instructions: 'Instructions of a FastMCP server',
    legacy: {
      capabilities: PYTHON,
      ask: 'asks',
      sessions: 'kept',
      unknownId: error(404, -32600),
      withoutId: error(400, -32600),
      results: 'events',
    },
    modern: { capabilities: PYTHON_MODERN, ask: 'refuses' },
    unknownTool: 'isError',
    get: error(400, -32600),
    delete: error(400, -32600),
  },
  {
    name: 'FastMCP (Python) as a proxy of fastmcp 4.20.16',
    version: '4.2.3',
    instructions: 'Instructions of a fastmcp server',
    legacy: {
      capabilities: PYTHON,
      ask: 'asks',
      sessions: 'kept',
      unknownId: error(404, -32600),
      withoutId: error(400, -32600),
      results: 'events',
    },
    modern: { capabilities: PYTHON_MODERN, ask: 'refuses', isEmpty: true },
    unknownTool: 'isError',
    get: error(400, -32600),
    delete: error(400, -32600),
  },
];
