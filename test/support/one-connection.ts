import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';

/** Calls over one connection that is kept, so that all of them come to the same process. */
export interface OneConnection {
  /** A legacy call of a tool; the text of its result. */
  call(tool: string): Promise<string>;
  close(): void;
}

export function connectionTo(endpoint: string, headers: Record<string, string>): OneConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    call: (tool) => callOver(agent, endpoint, headers, tool),
    close: () => agent.destroy(),
  };
}

/** The same over a connection of its own. */
export function callOnce(endpoint: string, headers: Record<string, string>, tool: string): Promise<string> {
  return callOver(false, endpoint, headers, tool);
}

function callOver(agent: Agent | false, url: string, headers: Record<string, string>, tool: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const outgoing = request(url, {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...headers,
    },
  });
  outgoing.on('error', reject).on('response', (answer) => {
    json(answer).then(textOf).then(resolve, reject);
  });
  outgoing.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: {} } }));
  return promise;
}

/** @throws Error with the whole answer when it is no result */
function textOf(body: unknown): string {
  const [text] = /(?<="text":")[^"]*/.exec(JSON.stringify(body)) ?? [];
  if (text === undefined) throw new Error(JSON.stringify(body));
  return text;
}
