import { legacyScript, startScriptedUpstream, type Upstream } from '../upstreams/index.js';

/** What a call says of itself, and the upstream remembers. */
export interface Marked {
  /** Which part of a test makes the call. */
  mark: string;
}

/** An upstream with service keys: it takes those that it was told to take, and remembers what came with one. */
export interface ServiceKeyUpstream extends Upstream {
  /** Takes these service keys from now on, and no others. */
  accept(...tokens: string[]): void;
  /** When the last call with this mark came that had an accepted key; undefined if none has. */
  lastAt(mark: string): number | undefined;
}

const TOOLS = [{ name: 'echo', inputSchema: { type: 'object' } }];

/** Starts an upstream that answers `done` to whoever has a key. */
export async function startServiceKeyUpstream(): Promise<ServiceKeyUpstream> {
  let accepted = new Set<string | undefined>();
  const seen = new Map<unknown, number>();
  const answer = legacyScript({
    results: { 'tools/list': { tools: TOOLS }, 'tools/call': { content: [{ type: 'text', text: 'done' }] } },
  });
  const upstream = await startScriptedUpstream((exchange) => {
    const { request, response, message } = exchange;
    if (!accepted.has(request.headers.authorization)) return void response.writeHead(401).end();
    const { mark } = (message.params?.['arguments'] ?? {}) as Partial<Marked>;
    if (mark !== undefined) seen.set(mark, Date.now());
    return answer(exchange);
  });
  // Thousands of them would be kept.
  upstream.received.push = () => 0;
  return {
    ...upstream,
    accept: (...tokens) => void (accepted = new Set(tokens.map((token) => `Bearer ${token}`))),
    lastAt: (mark) => seen.get(mark),
  };
}
