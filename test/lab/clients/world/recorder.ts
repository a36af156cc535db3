import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '@test/support/upstreams/loopback-server.js';
import { fromSomewhere } from '@test/support/proxy/caller-addresses.js';
import { passOn } from '@test/support/upstreams/pass-on.js';
import { type Exchange, noteOf, toolsIn } from './exchange.js';

/** Proxies on loopback, one for each target, that note what clients send and what they get. */
export interface Recorder {
  /** The origin that stands for the target's. */
  through(target: string): string;
  /** What was noted since the last call. */
  take(): Exchange[];
  close(): Promise<void>;
}

/** @param targets name and origin */
export async function startRecorder(targets: Record<string, string>): Promise<Recorder> {
  let noted: Exchange[] = [];
  const started = await Promise.all(
    Object.entries(targets).map(async ([target, origin]) => {
      const note = (exchange: Exchange) => noted.push(exchange);
      const server = await listenOnLoopback((request, response) => relay(request, response, target, origin, note));
      return { target, server };
    }),
  );
  const servers = new Map(started.map(({ target, server }) => [target, server]));
  return {
    through: (target) => servers.get(target)?.origin ?? '',
    take: () => {
      const taken = noted;
      noted = [];
      return taken;
    },
    close: async () => {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}

function relay(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  origin: string,
  note: (exchange: Exchange) => void,
): void {
  const { method = '', url: path = '' } = request;
  const exchange: Exchange = { target, method, path, headerNames: Object.keys(request.headers) };
  note(exchange);
  // As if each client were elsewhere: who sends wrong keys all the time has to wait.
  const headers = { ...request.headers, ...(target === 'lethe' && fromSomewhere()) };
  const up = forward(`${origin}${path}`, { method, headers, agent: false });
  const sent: Buffer[] = [];
  request.on('data', (chunk: Buffer) => sent.push(chunk));
  request.on('end', () => (exchange.rpc = noteOf(Buffer.concat(sent).toString())));
  request.pipe(up);
  passOn(up, response, (answer) => {
    exchange.status = answer.statusCode;
    const got: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => got.push(chunk));
    answer.on('end', () => {
      if (exchange.rpc?.method === 'tools/list') exchange.listed = toolsIn(Buffer.concat(got), answer.headers);
    });
  });
}
