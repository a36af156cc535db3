import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback } from '../upstreams/loopback-server.js';
import { type ReceivedSpan, readOtlp } from './otlp-json.js';

/** A collector that accepts only what the protocol says. */
export interface OtlpReceiver {
  readonly url: string;
  /** In the order in which they came. */
  readonly spans: ReceivedSpan[];
  /** What was wrong with what came. */
  readonly problems: unknown[];
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** Answers instead of accepting; nothing is read then. */
  instead: ((response: ServerResponse) => void) | undefined;
  close(): Promise<void>;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const { origin, close } = await listenOnLoopback((request, response) => {
    void buffer(request).then((bytes) => {
      const body = bytes.toString('utf8');
      receiver.requests.push({ path: request.url ?? '', headers: request.headers, body });
      if (receiver.instead) return receiver.instead(response);
      try {
        receiver.spans.push(...readOtlp(body));
      } catch (error) {
        receiver.problems.push(error);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const receiver: OtlpReceiver = { url: origin, spans: [], problems: [], requests: [], instead: undefined, close };
  return receiver;
}

/** Settings of a service that sends its traces there at once. */
export function tracedBy(receiver: { readonly url: string }, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '10', ...more };
}
