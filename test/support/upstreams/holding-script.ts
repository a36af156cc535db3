import { dualScript } from './dual-script.js';
import type { ScriptedExchange, UpstreamScript } from './scripted-upstream.js';

/** A server of both eras that holds calls back, and whose session streams can be resumed. */
export interface HoldingScript {
  script: UpstreamScript;
  /** Calls that were not answered so far. */
  readonly held: ScriptedExchange[];
  /** Answers all of them with their own argument. */
  release(): void;
  /** The ids from which session streams were resumed. */
  readonly resumedFrom: string[];
}

const TOOLS = { tools: [{ name: 'hold', inputSchema: { type: 'object' } }] };

/** Each session stream has one event, `first`; a resumed one has `second`. */
export function holdingScript(): HoldingScript {
  const held: ScriptedExchange[] = [];
  const resumedFrom: string[] = [];
  let opened = 0;
  const stream = ({ request, response }: ScriptedExchange): void => {
    const last = request.headers['last-event-id'];
    if (last !== undefined) resumedFrom.push(String(last));
    const params = { level: 'info', data: last === undefined ? 'first' : 'second' };
    const data = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`id: event-${++opened}\ndata: ${data}\n\n`);
  };
  const script = dualScript({
    modern: () => ({ 'tools/list': TOOLS }),
    legacy: () => ({ 'tools/list': TOOLS }),
    before: (exchange) => {
      const isStream = exchange.request.method === 'GET';
      if (isStream) stream(exchange);
      else if (exchange.message.method === 'tools/call') held.push(exchange);
      else return false;
      return true;
    },
  });
  const release = (): void => {
    for (const { message, reply } of held.splice(0)) {
      const text = String((message.params?.['arguments'] as Record<string, unknown>)['n']);
      reply({ content: [{ type: 'text', text }], resultType: 'complete' });
    }
  };
  return { script, held, release, resumedFrom };
}
