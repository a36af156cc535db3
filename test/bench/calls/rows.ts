import {
  type ClientMessage,
  legacyCall,
  legacyMessage,
  MODERN_RESULT,
  modernCall,
  modernMessage,
  RESULT,
  TOOL,
  unpacked,
} from './messages.js';
import type { RelayName } from './scene.js';
import { GATEWAY, LISTED_TOOLS, TEN } from './servers.js';

/** One variant that is measured: what is sent to whom, and what must come back. */
export interface Row {
  readonly name: string;
  readonly about: string;
  readonly relay: RelayName;
  /** Path at the relay. */
  readonly path: string;
  readonly messages: readonly ClientMessage[];
  /** Members that the result must have, with just these values. */
  readonly expected: object;
  /** Gateways that the client has a credential for. */
  readonly gateways: readonly string[];
  /** The calls are of a legacy session, begun before. */
  readonly hasSession: boolean;
  /** Also measured with one connection and with 256. */
  readonly isMain: boolean;
}

type Rest = Partial<Row>;
const LEGACY = { messages: [legacyCall()], expected: RESULT };
const MODERN = { messages: [modernCall()], expected: MODERN_RESULT };
const MAIN = { isMain: true };
const TEN_GATEWAYS = TEN.map((n) => `${GATEWAY}-${n}`);
const TOOLS = { tools: LISTED_TOOLS.map(({ definition }) => definition) };

function row(name: string, about: string, rest: Pick<Row, 'messages' | 'expected' | 'path'> & Rest): Row {
  return { name, about, relay: 'lethe', gateways: [GATEWAY], hasSession: false, isMain: false, ...rest };
}

const other = (relay: RelayName, about: string): Row =>
  row(relay, about, { relay, path: '/legacy', ...LEGACY, ...MAIN });
const lethe = (name: string, about: string, slug: string, rest: Pick<Row, 'messages' | 'expected'> & Rest): Row =>
  row(name, `lethe, ${about}`, { path: `/servers/${slug}/mcp`, ...rest });

const NODE_HTTP = { relay: 'lethe-node-http' } as const;
const TRACED = { relay: 'lethe-traced' } as const;
const LIST = { messages: [legacyMessage('tools/list', {})], expected: TOOLS };

/** In the order in which they are reported. */
export const ROWS: readonly Row[] = [
  other('direct', 'no relay'),
  other('bare', 'node:http and undici, the yardstick'),
  other('sdk', 'the official SDK on both sides'),
  lethe('legacy', 'legacy, JSON', 'legacy', { ...LEGACY, ...MAIN }),
  lethe('legacy-session', 'legacy, JSON, in a session', 'session', { ...LEGACY, hasSession: true }),
  lethe('legacy-sse', 'legacy, SSE', 'legacy-sse', LEGACY),
  lethe('legacy-ten', 'legacy, JSON, ten gateways', 'legacy-ten', {
    messages: TEN.map((n) => legacyCall(`${TOOL}_${n}`)),
    expected: RESULT,
    gateways: TEN_GATEWAYS,
  }),
  lethe('modern', 'modern, JSON', 'modern', { ...MODERN, ...MAIN }),
  lethe('modern-sse', 'modern, SSE', 'modern-sse', MODERN),
  lethe('modern-ten', 'modern, JSON, ten gateways', 'modern-ten', {
    messages: TEN.map((n) => modernCall(`${TOOL}_${n}`)),
    expected: MODERN_RESULT,
    gateways: TEN_GATEWAYS,
  }),
  lethe('modern-to-legacy', 'modern client, legacy upstream', 'legacy', MODERN),
  lethe('legacy-to-modern', 'legacy client, modern upstream', 'modern', LEGACY),
  lethe('modern-to-legacy-sse', 'modern client, legacy upstream, SSE', 'legacy-sse', MODERN),
  lethe('legacy-to-modern-sse', 'legacy client, modern upstream, SSE', 'modern-sse', LEGACY),
  lethe('legacy-list', 'tools/list of 100, legacy', 'list', LIST),
  lethe('legacy-list-plain', 'the same, unpacked', 'list', {
    messages: [unpacked(legacyMessage('tools/list', {}))],
    expected: TOOLS,
  }),
  lethe('modern-list', 'tools/list of 100, modern', 'list', {
    messages: [modernMessage('tools/list', {})],
    expected: { ...TOOLS, resultType: 'complete' },
  }),
  lethe('legacy-node-http', 'as legacy, fast HTTP path off', 'legacy', { ...LEGACY, ...NODE_HTTP }),
  lethe('modern-node-http', 'as modern, fast HTTP path off', 'modern', { ...MODERN, ...NODE_HTTP }),
  lethe('legacy-list-node-http', 'as legacy-list, fast HTTP path off', 'list', { ...LIST, ...NODE_HTTP }),
  lethe('legacy-granted', 'as legacy, 16 roles and limits on', 'granted', LEGACY),
  lethe('legacy-own', "legacy, granted, the caller's credential", 'own', LEGACY),
  lethe('legacy-kept', 'the same, a kept credential', 'kept', { ...LEGACY, gateways: [] }),
  lethe('legacy-traced', 'as legacy, each call traced', 'legacy', { ...LEGACY, ...TRACED }),
  lethe('modern-traced', 'as modern, each call traced', 'modern', { ...MODERN, ...TRACED }),
  lethe('modern-to-legacy-traced', 'as modern-to-legacy, each call traced', 'legacy', { ...MODERN, ...TRACED }),
  lethe('legacy-to-modern-traced', 'as legacy-to-modern, each call traced', 'modern', { ...LEGACY, ...TRACED }),
];

/** The same row with the proxy of another checkout. */
export function beforeRow(row: Row): Row {
  const name = nameBefore(row.name);
  return { ...row, name, about: `${row.about}, the other build`, relay: 'lethe-before', isMain: false };
}

/** What a row is called that is measured with the proxy of another checkout. */
export function nameBefore(name: string): string {
  return `${name}-before`;
}
