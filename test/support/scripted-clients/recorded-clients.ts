import type { Numbered, Probe, RecordedClient } from './recorded-client.js';

const EVENTS = 'text/event-stream';
const JSON_FIRST = 'application/json, text/event-stream';
const EVENTS_FIRST = 'text/event-stream, application/json';
const VIA_NODE = { agent: 'node', encodings: 'gzip, deflate' };
const ASKED = { elicitation: { form: {}, url: {} } };

const RESOURCE: Probe[] = [
  'GET /.well-known/oauth-protected-resource{path}',
  'GET /.well-known/oauth-protected-resource',
];
const ISSUER: Probe[] = ['GET /.well-known/oauth-authorization-server', 'GET /.well-known/openid-configuration'];
const SIGN_UP: Probe[] = [...RESOURCE, ...ISSUER, 'POST /register'];
const COPILOT_LOOKS: Probe[] = [...RESOURCE, 'GET {path}/.well-known/oauth-protected-resource'];

/** What most have in common: the clients of the TypeScript SDK. */
const USUAL = {
  ...{ accept: JSON_FIRST, streamAccept: EVENTS, offers: '2025-11-25', firstId: 0, capabilities: {} },
  ...{ sendsVersion: true, stream: 'after initialized', deletes: false, whenUnauthorized: [] },
} as const satisfies Partial<RecordedClient>;
const DISCOVERS = { ...USUAL, begins: 'server/discover' } as const;
const INITIALIZES = { ...USUAL, begins: 'initialize' } as const;
/** `@modelcontextprotocol/client` with `versionNegotiation: { mode: 'auto' }` counts its first request apart. */
const PROBES = { ...DISCOVERS, probeId: 'server-discover-probe-1' } as const;
/** The SDKs of Python and Go. */
const COUNTS_FROM_1 = { ...DISCOVERS, firstId: 1, deletes: true, initializesWhenUnauthorized: true } as const;

const isCall = ({ method }: Numbered) => method === 'tools/call';
const countedTokens = ({ count }: Numbered) => ({ progressToken: count });

/** Recorded on 2026-11-29, each with a server that refused `server/discover` and one that answered it. */
export const RECORDED_CLIENTS: RecordedClient[] = [
  {
    ...PROBES,
    name: 'Claude Code 2.1.328',
    ...{ agent: 'claude-code/2.1.328 (sdk-cli)', encodings: 'identity' },
    info: {
      name: 'claude-code',
      title: 'Claude Code',
      version: '2.1.328',
      description: "Anthropic's agentic coding tool",
      websiteUrl: 'https://claude.com/claude-code',
    },
    capabilities: { roots: { listChanged: true }, ...ASKED },
    meta: (request) =>
      isCall(request) ? { 'claudecode/toolUseId': `call_${request.id}`, progressToken: request.id } : undefined,
    listens: 'listen:0',
    initializesWhenUnauthorized: true,
    withoutKey: SIGN_UP,
    onLostSession: { ids: 'anew', times: 2 },
  },
  {
    ...INITIALIZES,
    name: '@openai/codex 0.171.0',
    ...{ agent: 'codex-mcp-client/0.171.0', encodings: 'zstd,gzip', accept: EVENTS_FIRST, streamAccept: EVENTS_FIRST },
    info: { name: 'codex-mcp-client', title: 'Codex', version: '0.171.0' },
    capabilities: ASKED,
    offers: '2025-06-18',
    meta: (request) => ({
      ...countedTokens(request),
      ...(isCall(request) && {
        ...{ callId: 'call_0', threadId: 't-1', sessionId: 't-1', windowId: 't-1:0', itemId: 'fc_call_0' },
        'x-codex-turn-metadata': { session_id: 't-1', model: 'fake-1', codex_version: '0.171.0' },
      }),
    }),
    deletes: true,
    onLostSession: { ids: 'anew' },
  },
  {
    ...INITIALIZES,
    name: '@google/gemini-cli 0.61.0',
    ...VIA_NODE,
    info: { name: 'gemini-cli-mcp-client', version: '0.61.0' },
    capabilities: { roots: { listChanged: true } },
    offers: '2025-06-18',
    meta: (request) =>
      isCall(request) ? { progressToken: `405ac68c-8c27-40bb-bca7-4568e9cc355${request.id % 10}` } : undefined,
    sendsVersion: false,
    sendsEmptyParams: true,
    readsOnePage: true,
  },
  {
    ...INITIALIZES,
    name: 'opencode-ai 1.18.33',
    ...{ agent: 'opencode/1.18.33', encodings: 'gzip, deflate, br, zstd' },
    info: { name: 'opencode', version: '1.18.33' },
    capabilities: { roots: {} },
    meta: (request) => (isCall(request) ? { progressToken: request.id } : undefined),
    cancelsEndedCalls: true,
    whenUnauthorized: ['GET {path}'],
    onLostSession: { ids: 'go on', sendsVersion: true },
  },
  {
    ...DISCOVERS,
    name: '@github/copilot 1.0.102',
    ...{ agent: 'copilot-cli/1.0.102', encodings: 'zstd,gzip,deflate,br' },
    ...{ accept: EVENTS_FIRST, streamAccept: EVENTS_FIRST },
    info: { name: 'copilot-cli', version: '1.0.102' },
    capabilities: { sampling: {}, ...ASKED },
    meta: countedTokens,
    listens: true,
    deletes: true,
    attempts: 2,
    whenUnauthorized: COPILOT_LOOKS,
    onLostSession: { ids: 'anew', deletesLost: true, listsAgain: true },
  },
  {
    ...INITIALIZES,
    name: 'mcp-remote 0.15.1',
    ...{ agent: 'undici', encodings: 'gzip, deflate' },
    info: { name: 'lab (via mcp-remote 0.15.1)', version: '1.0.0' },
    capabilities: { elicitation: { form: {} } },
    mirrorsInLegacy: true,
    sendsEmptyParams: true,
    looksFirst: [
      'GET {path}',
      ...RESOURCE,
      'GET /.well-known/oauth-authorization-server{path}',
      'GET /.well-known/oauth-authorization-server',
      'GET /.well-known/openid-configuration{path}',
      'GET {path}/.well-known/openid-configuration',
      'GET {path}',
    ],
    triesOutAs: { name: 'mcp-remote-fallback-test', version: '0.0.0' },
    whenUnauthorized: [...SIGN_UP, 'GET {path}', ...SIGN_UP],
    onLostSession: { ids: 'repeat', initializeId: 'mcp-remote-reinit-1', sendsVersion: true },
  },
  {
    ...COUNTS_FROM_1,
    name: 'Python mcp 2.3.0',
    ...{ agent: 'python-httpx2/2.16.2', encodings: 'gzip, deflate', streamAccept: JSON_FIRST },
    info: { name: 'mcp', version: '0.1.0' },
    capabilities: ASKED,
  },
  {
    ...COUNTS_FROM_1,
    name: 'Go SDK 1.8.0',
    ...{ agent: 'Go-http-client/1.1', encodings: 'gzip' },
    info: { name: 'lab', version: '1.0.0' },
    capabilities: { elicitation: { form: {} }, roots: { listChanged: true } },
    stream: 'before initialized',
    sendsEmptyParams: true,
  },
  {
    ...DISCOVERS,
    name: '@ai-sdk/mcp 2.0.99',
    ...{ agent: 'ai-sdk/2.0.99 node.js/26', encodings: 'gzip, deflate' },
    info: { name: 'ai-sdk-mcp-client', version: '1.0.0' },
    initializesWithVersion: '2025-11-25',
    ...{ stream: 'before initialized', triesStreamFirst: true, deletes: true, initializesWhenUnauthorized: true },
  },
  {
    ...PROBES,
    name: '@mastra/mcp 2.0.0',
    ...VIA_NODE,
    info: { name: 's', version: '1.0.0' },
    capabilities: { extensions: { 'io.modelcontextprotocol/ui': {} } },
    meta: () => ({ 'io.modelcontextprotocol/logLevel': 'info' }),
    attempts: 2,
  },
  { ...PROBES, name: '@openai/agents 0.20.0', ...VIA_NODE, info: { name: 's', version: '1.0.0' }, deletes: true },
  {
    ...COUNTS_FROM_1,
    name: 'FastMCP 4.2.3',
    ...{ agent: 'python-httpx2/2.16.2', encodings: 'gzip, deflate', streamAccept: JSON_FIRST },
    info: { name: 'fastmcp', version: '4.2.3' },
    meta: (request) =>
      isCall(request)
        ? {
            progressToken: request.id,
            ...(request.era === 'modern' && { 'io.modelcontextprotocol/logLevel': 'debug' }),
          }
        : undefined,
  },
  {
    ...DISCOVERS,
    name: 'Rust rmcp 3.11.0, Auto',
    // It sends neither User-Agent nor Accept-Encoding, which `fetch` can't leave out.
    ...{ ...VIA_NODE, accept: EVENTS_FIRST, streamAccept: EVENTS_FIRST },
    info: { name: 'rmcp', version: '3.11.0' },
    offers: '2026-07-28',
    meta: (request) => (isCall(request) ? countedTokens(request) : undefined),
  },
];
