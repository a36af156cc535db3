import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../processes.js';
import { childrenOf } from './search-services.js';

/** A client process, and the bridge that it has started. */
export interface BridgeClient {
  pid: number;
  bridgePid: number;
  /** The next value that the client says. */
  next(): Promise<Record<string, unknown>>;
  call(tool: string): void;
  close(): Promise<void>;
}

/** Keeps what goes in and out of a bridge, as it is. */
const RECORDED = 'tee "$1.in" | "$2" "$3" bridge "$4" 2> "$1.err" | tee "$1.out"';

/** Starts a client with a bridge to this virtual server. @param recorded where what they say to each other is written */
export async function startBridgeClient(url: string, env: NodeJS.ProcessEnv, recorded: string): Promise<BridgeClient> {
  const client = join(ROOT, 'test/support/leak/bridge-client.process.mjs');
  const program = [process.execPath, join(ROOT, 'dist/apps/cli/src/main.js')];
  const args = [client, 'sh', '-c', RECORDED, 'sh', recorded, ...program, url];
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value = '' } = await lines.next();
    return JSON.parse(value) as Record<string, unknown>;
  };
  await next();
  const pid = child.pid ?? 0;
  return {
    pid,
    bridgePid: descendantsOf(pid).find((one) => readlinkSync(`/proc/${one}/exe`) === readlinkSync(`/proc/${pid}/exe`)) ?? 0,
    next,
    call: (name) => child.stdin.write(`${JSON.stringify({ name, arguments: { text: 'hi' } })}\n`),
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
} // prettier-ignore

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}
