import type { JsonObject } from '@lethe/contracts';
import type { Refusal } from './real-server.js';

/** A JSON-RPC error of a transport. */
export const error = (status: number, code: number, data?: JsonObject): Refusal => ({ status, code, data });
/** A refusal in plain text. */
export const text = (status: number, body = 'Bad Request'): Refusal => ({ status, text: body });

// Refusals of several servers.
export const NOT_INITIALIZED = error(400, -32000);
export const NOT_ALLOWED = error(405, -32000);
export const ENDED = text(200, '');

// Capabilities of several servers: `CHANGES` announces them, `WATCHED` also takes subscriptions.
export const CHANGES = { listChanged: true };
const SILENT = { listChanged: false };
export const TOOLS = { tools: CHANGES };
export const WITH_RESOURCES = { resources: CHANGES, tools: CHANGES };
export const ALL_KINDS = { prompts: CHANGES, resources: CHANGES, tools: CHANGES };
export const WATCHED = { resources: { subscribe: true, listChanged: true }, tools: CHANGES };
export const MONGODB = { logging: {}, completions: {}, ...WATCHED };
export const CONTEXT7 = { prompts: SILENT, resources: { subscribe: false, listChanged: false }, tools: SILENT };
export const PYTHON = {
  logging: {},
  prompts: CHANGES,
  resources: { subscribe: false, listChanged: true },
  tools: CHANGES,
};
export const PYTHON_MODERN = { logging: {}, ...CONTEXT7, extensions: { 'io.modelcontextprotocol/ui': {} } };

/** A transport of one JSON-RPC request for each HTTP request, as the official SDKs have it. */
export const STATELESS = { sessions: 'none', results: 'events' } as const;
