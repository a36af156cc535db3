import type { JsonObject } from '@lethe/contracts';
import type { Kind, OfferedEra, RealServer } from './real-server.js';

/** What one client has in a server of either era. */
export interface Visit {
  server: RealServer;
  offered: OfferedEra;
  era: 'legacy' | 'modern';
  /** What the client declared. */
  capabilities: JsonObject;
  /** How often its session called `count`. */
  counted: number;
}

/** An answer to a request: a result, or the error of JSON-RPC. */
export type Answer = { result: JsonObject } | { error: { code: number; message: string } };

/** The form that `ask` shows. */
export const FORM = {
  mode: 'form',
  message: 'Really?',
  requestedSchema: { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] },
} as const satisfies JsonObject;

const TEXT_INPUT = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { text: { type: 'string' } },
  required: ['text'],
};
const NO_INPUT = { type: 'object', properties: {} };
const ECHO = { name: 'echo', title: 'Echo', description: 'Repeats a text', inputSchema: TEXT_INPUT };
const COUNT = { name: 'count', description: 'Counts its calls in a session', inputSchema: NO_INPUT };
const ASK = { name: 'ask', description: 'Asks the client', inputSchema: NO_INPUT };
const NOTE = { uri: 'note://one', name: 'note', mimeType: 'text/plain' };
const GREET = { name: 'greet', description: 'Greets', arguments: [{ name: 'who', required: true }] };

type Method = (visit: Visit, params: JsonObject) => Answer;

const METHODS: Readonly<Record<string, Method>> = {
  ping: () => ({ result: {} }),
  'logging/setLevel': () => ({ result: {} }),
  'tools/list': (visit) => list(visit, 'tools', toolsFor(visit)),
  'resources/list': (visit) => list(visit, 'resources', [NOTE]),
  'resources/templates/list': (visit) => list(visit, 'resources', [], 'resourceTemplates'),
  'prompts/list': (visit) => list(visit, 'prompts', [GREET]),
  'resources/read': () => ({ result: { contents: [{ uri: NOTE.uri, mimeType: NOTE.mimeType, text: 'a note' }] } }),
  'prompts/get': (_visit, params) => ({
    result: {
      messages: [{ role: 'user', content: { type: 'text', text: `Hello ${JSON.stringify(params['arguments'])}` } }],
    },
  }),
  'tools/call': callTool,
};

/** Every method but those that begin an era, and `ask`, which each era does in its own way. */
export function answer(visit: Visit, method: string, params: JsonObject): Answer {
  return METHODS[method]?.(visit, params) ?? { error: { code: -32601, message: 'Method not found' } };
}

/** Whether this call asks the client. */
export function asksClient({ offered }: Visit, method: string, params: JsonObject): boolean {
  return method === 'tools/call' && params['name'] === ASK.name && offered.ask === 'asks';
}

export function said(text: string): JsonObject {
  return { content: [{ type: 'text', text }] };
}

/** The SDK of the legacy era says of each tool that it runs as no task; the modern era has no such member. */
function toolsFor({ offered, capabilities, era }: Visit): JsonObject[] {
  const showsAsk = offered.ask !== undefined && (offered.hidesAsk !== true || 'elicitation' in capabilities);
  const tools = [ECHO, COUNT, ...(showsAsk ? [ASK] : [])];
  return era === 'modern' ? tools : tools.map((tool) => ({ ...tool, execution: { taskSupport: 'forbidden' } }));
}

function list({ offered }: Visit, kind: Kind, items: JsonObject[], member: string = kind): Answer {
  if (!(kind in offered.capabilities)) return { error: { code: -32601, message: 'Method not found' } };
  return { result: { [member]: offered.empty?.includes(kind) ? [] : items } };
}

function callTool(visit: Visit, params: JsonObject): Answer {
  const { name } = params;
  if (name === ECHO.name) return { result: said(JSON.stringify(params['arguments'])) };
  if (name === COUNT.name) return { result: said(String(++visit.counted)) };
  if (name === ASK.name && visit.offered.ask !== undefined) {
    return { result: { ...said('This client can not be asked'), isError: true } };
  }
  const { unknownTool } = visit.server;
  if (unknownTool === 'isError') return { result: { ...said('There is no such tool'), isError: true } };
  return { error: { code: unknownTool, message: 'There is no such tool' } };
}
