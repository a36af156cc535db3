import { join } from 'node:path';
import type { PieceHashes } from '../search/piece-matcher.js';
import { type Children, nextMessage, stop } from './children.js';

/** A running demo upstream. */
export interface Upstream {
  url: string;
  port: number;
  pid: number;
  /** How many pieces of a token it finds in its own memory; undefined on systems where it can't search. */
  piecesHeld(token: PieceHashes): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** Starts the demo upstream, with names and hashes of the tokens that it accepts. */
export async function startUpstream(
  children: Children,
  home: string,
  hashes: Record<string, string>,
  onPort = 0,
): Promise<Upstream> {
  const list = Object.entries(hashes).map(([name, sha256]) => `${name}:${sha256}`);
  const env = { DEMO_TOKEN_SHA256: list.join(','), DEMO_UPSTREAM_PORT: String(onPort) };
  const child = children.fork('../upstream/main.js', env, join(home, 'logs', 'demo-upstream.log'));
  const { port } = await nextMessage<{ port: number }>(child);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    pid: child.pid ?? -1,
    piecesHeld: async (token) => {
      const answered = nextMessage<{ found?: number }>(child);
      child.send(token);
      return (await answered).found;
    },
    stop: () => stop(child),
  };
}
