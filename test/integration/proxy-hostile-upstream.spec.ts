import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { type EventStream, listen, openStream } from '../support/proxy/event-stream.js';
import { ASKED, CAPABILITIES, hostileBundle, LEGACY, MODERN } from '../support/proxy/hostile-bundle.js';
import { type Answer, begin, envelope, legacy, modern, modernRequest, postRequest } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import {
  beginEvents,
  DANGEROUS_URLS,
  HARMLESS_URL,
  HOSTILE_WAYS,
  hostileScript,
  legacyScript,
  messageEvent,
  notification,
} from '../support/upstreams/index.js';

type Message = Record<string, unknown> & { method?: string; params?: Record<string, unknown> };

const HIDING = {
  ...tool('t0'),
  definition: { name: 't0', description: 'a\u202eb\u200bc', inputSchema: { type: 'object' } },
};
const CALLS = 40;
const ROUNDS = 3;
/** Headers that responses of the proxy have. */
const HEADERS =
  /^(cache-control|connection|content-length|content-type|date|keep-alive|retry-after|transfer-encoding|vary|x-accel-buffering)$/;
const TIMEOUT = 60_000;

const messagesIn = (text: string): Message[] =>
  [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Message);

/** A body, of which every elicitation is declined as soon as it is there. */
async function textOf({ body }: Response, decline: (id: unknown) => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let seen = 0;
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const asked = messagesIn(text.slice(0, text.lastIndexOf('\n\n') + 1)).filter(
      ({ method }) => method === 'elicitation/create',
    );
    for (const { id } of asked.slice(seen)) decline(id);
    seen = asked.length;
  }
  return text;
}

/** What is wrong with a message that reached the client on a stream or in a response of the hostile upstream. */
function complaints(message: Message, ownToken: unknown, sealed: ReadonlySet<unknown>): string[] {
  const { method, params = {} } = message;
  const found: string[] = [];
  const must = (isTrue: boolean, what: string): void => {
    if (!isTrue) found.push(`${what}: ${JSON.stringify(message)}`);
  };
  if (method === 'notifications/progress') must(params['progressToken'] === ownToken, 'token of another call');
  else if (method === 'notifications/message')
    must(/^(evil$|evil\/|lethe:limits$)/.test(String(params['logger'])), 'logger');
  else if (method === 'notifications/resources/updated') must(/^evil:\/\/a(\/|$)/.test(String(params['uri'])), 'URI');
  else if (method === 'notifications/elicitation/complete')
    must(/^evil:/.test(String(params['elicitationId'])), 'elicitation');
  else if (method === 'notifications/cancelled') must(sealed.has(params['requestId']), 'cancelled request');
  else if (method === 'elicitation/create') found.push(...deceptions(params));
  else must(method === undefined || ['notifications/tools/list_changed', 'ping'].includes(method), 'method');
  return found;
}

/** What deceives a person in an elicitation of the hostile upstream. */
function deceptions({ message, url, requestedSchema, elicitationId }: Record<string, unknown>): string[] {
  const found: string[] = [];
  const must = (isTrue: boolean, what: unknown): void => {
    if (!isTrue) found.push(JSON.stringify(what));
  };
  must(typeof message === 'string' && /^\[Evil\] [^\p{C}[\]]+$/u.test(message), message);
  must(url === undefined || url === HARMLESS_URL, url);
  must(elicitationId === undefined || /^"(?:evil:|[0-9a-f-]{36}")/.test(JSON.stringify(elicitationId)), elicitationId);
  const form = JSON.stringify(requestedSchema ?? {});
  must(!/\[Bank\]|\p{C}|\\[nru]/u.test(form), form);
  return found;
}

describeProxies('an upstream that attacks in every way at once', 2, ({ keep, publish, startUpstream }) => {
  /** An honest gateway: each call has progress with the token of that call, and its own result. */
  const honest = (streams: ServerResponse[]) =>
    legacyScript({
      sessionId: 'honest',
      capabilities: CAPABILITIES,
      answers: {
        GET: (exchange) => void streams.push(beginEvents(exchange)),
        'subscriptions/listen': (exchange) => {
          streams.push(beginEvents(exchange));
          const notifications = { toolsListChanged: true, resourceSubscriptions: ['bank://account'] };
          exchange.response.write(messageEvent(notification('subscriptions/acknowledged', { notifications })));
        },
        'tools/call': (exchange) => {
          const { message } = exchange;
          const { arguments: given, _meta } = message.params as {
            arguments: { n: number };
            _meta: { progressToken: unknown };
          };
          const stream = beginEvents(exchange);
          const { progressToken } = _meta;
          stream.write(messageEvent(notification('progress', { progressToken, progress: given.n, message: 'Paid' })));
          const result = { resultType: 'complete', content: [{ type: 'text', text: `paid ${given.n}` }] };
          stream.end(messageEvent({ id: message.id, result }));
        },
      },
    });

  async function bundle(facts: object, bankStreams: ServerResponse[], evilStreams: ServerResponse[]) {
    const scripts = [hostileScript(evilStreams), honest(bankStreams), honest([])];
    const upstreams = await Promise.all(scripts.map((script) => startUpstream(script)));
    const gateways = hostileBundle(upstreams, {
      evilTool: HIDING,
      facts: { evil: facts, bank: LEGACY, hub: MODERN },
    });
    return (await publish({ gateways, eras: 'both' })).url;
  }

  /** A client of one era: how it calls, and the stream on which it is told what changes. */
  async function clientOf(era: 'legacy' | 'modern', url: string) {
    const session = era === 'legacy' ? await begin(url, {}, ASKED) : {};
    const meta = era === 'legacy' ? {} : { ...envelope(ASKED), 'io.modelcontextprotocol/logLevel': 'debug' };
    const ask = era === 'legacy' ? legacy : modern;
    const notifications = {
      toolsListChanged: true,
      promptsListChanged: true,
      resourceSubscriptions: ['evil://a', 'bank://account'],
    };
    const stream = keep(
      era === 'legacy'
        ? await listen(url, session)
        : await openStream(url, modernRequest('subscriptions/listen', { notifications, _meta: meta }, {}, 'sub')),
    );
    const decline = (id: unknown): void => {
      const result = { action: 'decline' };
      void fetch(url, postRequest({ jsonrpc: '2.0', id, result }, session)).catch(() => undefined);
    };
    const call = async (name: string, progressToken: unknown, given: object, id: number): Promise<Answer> => {
      const params = { name, arguments: given, _meta: { ...meta, progressToken } };
      const request = { jsonrpc: '2.0', id, method: 'tools/call', params };
      const response = await fetch(
        url,
        era === 'legacy' ? postRequest(request, session) : modernRequest('tools/call', params, {}, id),
      );
      const text = await textOf(response, decline);
      const body = (messagesIn(text).at(-1) ?? JSON.parse(text)) as Answer['body'];
      return { status: response.status, headers: response.headers, text, body };
    };
    return { stream, call, list: (what: string) => ask(url, what, {}, session) };
  }

  function collect(stream: EventStream): Message[] {
    const messages: Message[] = [];
    const read = async (): Promise<void> => {
      for (;;) messages.push((await stream.message()).body);
    };
    void read().catch(() => undefined);
    return messages;
  }

  it.each([
    ['legacy', LEGACY],
    ['legacy', MODERN],
    ['modern', MODERN],
    ['modern', LEGACY],
  ] as const)(
    'shows a %s client nothing under another gateway’s name, and other calls are right (%j)',
    async (era, facts) => {
      verifies('streams.own-messages');
      const [bankStreams, evilStreams]: ServerResponse[][] = [[], []];
      const url = await bundle(facts, bankStreams ?? [], evilStreams ?? []);
      const client = await clientOf(era, url);
      const told = collect(client.stream);
      await eventually(() => expect([bankStreams?.length, evilStreams?.length]).toEqual([1, 1]));

      const attacks = Array.from({ length: ROUNDS }, () => HOSTILE_WAYS).flat();
      const attacked = Promise.all(attacks.map((how, n) => client.call('t0', `evil-${n}`, { how }, 100 + n)));
      const paid = async (name: string): Promise<void> => {
        for (let n = 0; n < CALLS; n += 1) {
          const token = `${name}-${n}`;
          const { text, body } = await client.call(name, token, { n }, 1_000 + n);
          expect(body.result.content).toEqual([{ type: 'text', text: `paid ${n}` }]);
          const before = messagesIn(text).filter(({ method }) => method !== undefined);
          const progress = notification('progress', { progressToken: token, progress: n, message: 'Paid' });
          expect(before).toMatchObject([progress]);
        }
      };
      const [answers] = await Promise.all([attacked, paid('pay'), paid('t2')]);

      for (const [n, { text, headers, body }] of answers.entries()) {
        const messages = messagesIn(text);
        const sealed = new Set(messages.map(({ id }) => id));
        for (const message of messages) expect(complaints(message, `evil-${n}`, sealed)).toEqual([]);
        expect(messages.length).toBeLessThan(400);
        expect([...headers.keys()].filter((name) => !HEADERS.test(name))).toEqual([]);
        expect(headers.get('content-type')).toMatch(/^(application\/json|text\/event-stream)$/);
        expect(headers.get('cache-control')).toMatch(/^no-(store|cache)/);
        expect(Number(headers.get('retry-after') ?? 0)).toBeLessThanOrEqual(3_600);
        for (const [, retry] of text.matchAll(/^retry: (\d+)$/gm)) expect(Number(retry)).toBeLessThanOrEqual(30_000);
        expect(/"lethe\/[^"]*"/.exec(text)?.[0]).toBeUndefined();
        expect(DANGEROUS_URLS.filter((dangerous) => text.includes(dangerous))).toEqual([]);
        if (attacks[n] === 'url-error')
          expect(body.error.data).toMatchObject({ gateway: 'evil', why: 'elicitation_url' });
        const { inputRequests = {} } = (body.result ?? {}) as {
          inputRequests?: Record<string, { params: Record<string, unknown> }>;
        };
        for (const { params } of Object.values(inputRequests)) expect(deceptions(params)).toEqual([]);
      }

      // What the bank says is told, once, and what the other says about the bank never.
      const updated = notification('resources/updated', { uri: 'bank://account' });
      const ofBank = (): Message[] => told.filter(({ params }) => params?.['uri'] === 'bank://account');
      expect(ofBank()).toEqual([]);
      bankStreams?.[0]?.write(messageEvent(updated));
      await eventually(() => expect(ofBank()).toHaveLength(1));
      const sealed = new Set(told.map(({ id }) => id));
      for (const message of told.slice(era === 'legacy' ? 0 : 1)) {
        if (!ofBank().includes(message)) expect(complaints(message, undefined, sealed)).toEqual([]);
      }
      expect(JSON.stringify(told)).not.toMatch(/"lethe\//);
      const { body } = await client.list('tools/list');
      expect(body.result.tools.filter(({ name }) => name !== 't0')).toMatchObject([{ name: 'pay' }, { name: 't2' }]);
    },
    TIMEOUT,
  );
});
