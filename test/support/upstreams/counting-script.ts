import { forgetfulScript, type ForgetfulScript } from './forgetful-script.js';
import type { LegacyScript } from './legacy-script.js';
import type { ScriptedExchange, UpstreamScript } from './scripted-upstream.js';
import { UNKNOWN_SESSION_ANSWERS } from './unknown-session-answers.js';

const FORM = { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] };
const NEVER: UpstreamScript = ({ response }) => void response.writeHead(404).end();

/** A legacy server with state, and the methods of all requests that it got. */
export interface CountingScript extends ForgetfulScript {
  got: string[];
}

/**
 * Its tool `count` counts the calls of the session; `confirm` asks by elicitation, on the stream of the call, if the client
 * declared that it can be asked. It forgets its sessions as server-everything does.
 */
export function countingScript(): CountingScript {
  const got: string[] = [];
  const counts = new Map<string, number>();
  const askable = new Set<string>();
  const asking = new Map<string, ScriptedExchange>();
  const count: UpstreamScript = ({ request, reply }) => {
    const id = sessionOf(request);
    counts.set(id, (counts.get(id) ?? 0) + 1);
    reply(text(String(counts.get(id))));
  };
  const confirm: UpstreamScript = (exchange) => {
    const id = sessionOf(exchange.request);
    if (!askable.has(id)) return exchange.reply({ ...text('This client can not be asked'), isError: true });
    asking.set(id, exchange);
    exchange.response.writeHead(200, { 'content-type': 'text/event-stream' });
    const params = { message: 'Really?', requestedSchema: FORM };
    send(exchange, { id: 'ask-1', method: 'elicitation/create', params });
  };
  const answers: LegacyScript['answers'] = {
    'tools/call': (exchange) => (exchange.message.params?.['name'] === 'confirm' ? confirm : count)(exchange),
    POST: ({ request, response, message }) => {
      response.writeHead(202).end();
      const asked = asking.get(sessionOf(request));
      if (!asked) return;
      send(asked, { id: asked.message.id, result: text(JSON.stringify(message)) });
      asked.response.end();
    },
  };
  const { script, sessions } = forgetfulScript(UNKNOWN_SESSION_ANSWERS[0]?.[1] ?? NEVER, { answers });
  return {
    got,
    sessions,
    script: (exchange) => {
      const { message, request } = exchange;
      got.push(message.method ?? request.method ?? '');
      void script(exchange);
      const isAskable = JSON.stringify(message.params?.['capabilities'] ?? {}).includes('"elicitation"');
      if (message.method === 'initialize' && isAskable) askable.add([...sessions].at(-1) ?? '');
    },
  };
}

function sessionOf({ headers }: ScriptedExchange['request']): string {
  return String(headers['mcp-session-id']);
}

function text(content: string): object {
  return { content: [{ type: 'text', text: content }] };
}

function send({ response }: ScriptedExchange, message: object): void {
  response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
}
