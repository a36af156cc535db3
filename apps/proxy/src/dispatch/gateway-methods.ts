import { encodeResult, encodeResultStart } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { sendPregzipped } from '../http/pregzipped-response.js';
import type { Lists } from '../lists/lists.js';
import { isLive, type LiveList, type LiveLists } from '../lists/live-lists.js';
import type { SubscriptionsListen } from '../notifications/subscriptions/subscriptions-listen.js';
import { declares } from '../protocol/capabilities.js';
import type { MethodRule } from '../protocol/method-table.js';
import { isCall, type McpCall, type SessionRequest } from '../request/mcp-request.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { ClientResponses } from '../server-requests/client-responses.js';
import type { SessionBroadcast } from '../upstream/session-broadcast.js';
import type { Initialize } from './initialize.js';

/** What the methods that Lethe carries out itself are answered with. */
export interface GatewayMethodsParts {
  readonly lists: Lists;
  readonly liveLists: LiveLists;
  readonly initialize: Initialize;
  readonly broadcast: SessionBroadcast;
  readonly clientResponses: ClientResponses;
  readonly subscriptions: SubscriptionsListen;
}

type GatewayRule = Exclude<MethodRule, { by: 'relay' | 'complete' }>;
type Handler<Rule> = (request: SessionRequest, rule: Rule) => Promise<void> | void;
type Handlers = { [By in GatewayRule['by']]: Handler<Extract<GatewayRule, { by: By }>> };

/** For a reference to a gateway that completes nothing. */
const NO_COMPLETION = '{"completion":{"values":[],"total":0,"hasMore":false}}';

/** RFC 5424, as MCP 2025-11-25 spells the levels (logging, log levels). */
const LEVELS = new Set(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']);

/** Methods that Lethe carries out itself, or at all gateways of the session. One handler for each `by` of `MethodRule`. */
export class GatewayMethods {
  private readonly handlers: Handlers = {
    list: (request, rule) => this.list(callOf(request), rule),
    discover: (request) => sendResult(request, this.parts.lists.discover(request.caller.server, request.era)),
    listen: (request) => this.parts.subscriptions.listen(callOf(request)),
    ping: (request) => sendResult(request, '{}'),
    initialize: async (request) => {
      const { resultJson, token } = await this.parts.initialize.respond(callOf(request));
      sendResult(request, resultJson, { 'mcp-session-id': token });
    },
    broadcast: async ({ headers, caller, session, body, response }) => {
      response.sendEmpty(202);
      await this.parts.broadcast.notify(headers, caller, session, body);
    },
    'log-level': (request) => this.setLogLevel(callOf(request)),
    progress: (request) => this.parts.clientResponses.progress(request),
    accept: ({ response }) => response.sendEmpty(202),
  };

  constructor(private readonly parts: GatewayMethodsParts) {}

  /**
   * Responds to a message that no single upstream is asked for.
   * @returns a promise when that is not done at once
   * @throws LetheError `method_unknown`, `message_invalid`, and what the method's handler throws
   */
  respond(request: SessionRequest): Promise<void> | void {
    const { message, rule, era } = request;
    if (message.kind === 'response') {
      // Modern upstreams send no requests, so that nobody waits for a response.
      if (!era.allowsServerRequests) throw new LetheError('message_invalid', { rule: 'response' });
      return this.parts.clientResponses.deliverResponse(request);
    }
    if (rule && rule.by !== 'relay' && rule.by !== 'complete') {
      const handler: (request: SessionRequest, rule: never) => Promise<void> | void = this.handlers[rule.by];
      return handler(request, rule as never);
    }
    if (message.kind === 'request') throw new LetheError('method_unknown');
    // JSON-RPC 2.0: a notification is never answered, an unknown one neither.
    request.response.sendEmpty(202);
  }

  /** @throws LetheError `method_unknown` where no gateway completes anything: the virtual server does not offer it */
  completeNothing(call: McpCall): void {
    const completesAny = call.caller.server.gateways.some((gateway) => declares(gateway, 'completions'));
    if (!completesAny) throw new LetheError('method_unknown');
    sendResult(call, NO_COMPLETION);
  }

  private list(call: McpCall, rule: Extract<GatewayRule, { by: 'list' }>): Promise<void> | void {
    const { caller, era, headers, session, message, response } = call;
    const { id, method, params } = message;
    const send = (live?: LiveList): void => {
      const page = this.parts.lists.page(caller.server, era, rule, params['cursor'], live);
      sendPregzipped(response, encodeResultStart(id), page, headers);
    };
    if (!isLive(caller.server)) return send();
    return this.parts.liveLists.fetch({ caller, headers, session, method, rule }).then(send);
  }

  private async setLogLevel(call: McpCall): Promise<void> {
    const { caller, headers, session, body, message } = call;
    const hasLogging = (gateway: Gateway): boolean => declares(gateway, 'logging');
    if (!caller.server.gateways.some(hasLogging)) throw new LetheError('method_unknown');
    const { level } = message.params;
    if (typeof level !== 'string' || !LEVELS.has(level)) throw new LetheError('params_invalid', { member: 'level' });
    await this.parts.broadcast.request(headers, caller, session, body, hasLogging);
    sendResult(call, '{}');
  }
}

/** @throws LetheError `message_invalid` when a method that asks for a response came without an id */
function callOf(request: SessionRequest): McpCall {
  if (!isCall(request)) throw new LetheError('message_invalid', { rule: 'id_missing' });
  return request;
}

function sendResult(request: SessionRequest, resultJson: string, headers: Record<string, string> = {}): void {
  const { message, response } = callOf(request);
  response.sendJson(200, encodeResult(message.id, resultJson), headers);
}
