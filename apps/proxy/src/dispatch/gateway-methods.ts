import type { JsonObject } from '@lethe/contracts';
import { encodeResult, encodeResultStart, isRpcId } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { sendPregzipped } from '../http/response/pregzipped-response.js';
import type { Lists } from '../lists/lists.js';
import { isLive, type LiveList, type LiveLists } from '../lists/live-lists.js';
import type { SubscriptionsListen } from '../notifications/subscriptions/subscriptions-listen.js';
import { declares, relayedClientCapabilities } from '../protocol/capabilities.js';
import { variantFor } from '../protocol/conditional-items.js';
import { clientCapabilitiesOf } from '../protocol/envelope.js';
import type { MethodRule } from '../protocol/method-table.js';
import { isCall, type McpCall, type SessionRequest } from '../request/mcp-request.js';
import type { ReplicaMessages } from '../replicas/replica-messages.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { ClientResponses } from '../server-requests/client-responses.js';
import type { SessionBroadcast } from '../upstream/session-broadcast.js';
import type { Initialize } from './initialize.js';
import { discoveryNotice } from './session-notice.js';

/** The services that the gateway methods use. */
export interface GatewayMethodsParts {
  readonly lists: Lists;
  readonly liveLists: LiveLists;
  readonly initialize: Initialize;
  readonly broadcast: SessionBroadcast;
  readonly clientResponses: ClientResponses;
  readonly subscriptions: SubscriptionsListen;
  readonly replicas: ReplicaMessages;
}

type GatewayRule = Exclude<MethodRule, { by: 'relay' | 'complete' }>;
type Handler<Rule> = (request: SessionRequest, rule: Rule) => Promise<void> | void;
type Handlers = { [By in GatewayRule['by']]: Handler<Extract<GatewayRule, { by: By }>> };

/** The result for a reference to a gateway without completions. */
const NO_COMPLETION = '{"completion":{"values":[],"total":0,"hasMore":false}}';

/** https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging#log-levels */
const LEVELS = new Set(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']);

/** Handles the methods that do not go to exactly one upstream. There is one handler for each `by` of `MethodRule`. */
export class GatewayMethods {
  private readonly handlers: Handlers = {
    list: (request, rule) => this.list(callOf(request), rule),
    discover: (request) => {
      const { caller, era } = request;
      sendResult(request, this.parts.lists.discover(caller.server, era, discoveryNotice(request)));
    },
    listen: (request) => this.parts.subscriptions.listen(callOf(request)),
    ping: async (request) => {
      await this.parts.broadcast.ping(request.headers, request.caller, request.session);
      sendResult(request, '{}');
    },
    initialize: async (request) => {
      const { resultJson, token } = await this.parts.initialize.respond(callOf(request));
      sendResult(request, resultJson, { 'mcp-session-id': token });
    },
    broadcast: async ({ headers, caller, session, body, response }) => {
      response.sendEmpty(202);
      await this.parts.broadcast.notify(headers, caller, session, body);
    },
    cancel: (request) => this.cancel(request),
    'log-level': (request) => this.setLogLevel(callOf(request)),
    progress: (request) => this.parts.clientResponses.progress(request),
    accept: ({ response }) => response.sendEmpty(202),
  };

  constructor(private readonly parts: GatewayMethodsParts) {}

  /**
   * Responds to a message that does not go to exactly one upstream.
   * @returns a promise if the response is not sent synchronously
   * @throws LetheError `method_unknown`, `message_invalid`, and what the method's handler throws
   */
  respond(request: SessionRequest): Promise<void> | void {
    const { message, rule, era } = request;
    if (message.kind === 'response') {
      // In the modern era upstreams send no requests, so no upstream expects a response.
      if (!era.allowsServerRequests) throw new LetheError('message_invalid', { rule: 'response' });
      return this.parts.clientResponses.deliverResponse(request);
    }
    if (rule && rule.by !== 'relay' && rule.by !== 'complete') {
      const handler: (request: SessionRequest, rule: never) => Promise<void> | void = this.handlers[rule.by];
      return handler(request, rule as never);
    }
    if (message.kind === 'request') throw new LetheError('method_unknown');
    // JSON-RPC 2.0: a notification never gets a response, not even an error.
    request.response.sendEmpty(202);
  }

  /** @throws LetheError `method_unknown` if no gateway supports completions, so that the virtual server does not either */
  completeNothing(call: McpCall): void {
    const { server } = call.caller;
    const hasCompletions = server.gateways.some(({ servedIn }) => declares(servedIn[call.era.era], 'completions'));
    if (!hasCompletions) throw new LetheError('method_unknown');
    sendResult(call, NO_COMPLETION);
  }

  private list(call: McpCall, rule: Extract<GatewayRule, { by: 'list' }>): Promise<void> | void {
    const { caller, era, headers, session, message, response } = call;
    const { id, method, params } = message;
    const { server } = caller;
    const variant = variantFor(server.items[rule.kind], () => declaredBy(call));
    const send = (live?: LiveList): void => {
      const page = this.parts.lists.page({ server, era, rule, variant, live }, params['cursor']);
      sendPregzipped(response, encodeResultStart(id), page, headers);
    };
    if (!isLive(server)) return send();
    const capabilities = variant.size === 0 ? {} : declaredBy(call);
    return this.parts.liveLists
      .fetch({ caller, headers, session, era: era.era, capabilities, method, rule })
      .then(send);
  }

  /** A notification gets no error, whatever happens to it. */
  private async cancel({ message, session, response }: SessionRequest): Promise<void> {
    response.sendEmpty(202);
    const requestId = message.kind === 'notification' ? message.params['requestId'] : undefined;
    if (!isRpcId(requestId)) return;
    const key = session.callKey(requestId);
    if (key !== undefined) await this.parts.replicas.cancel(key, requestId, message.bytes);
  }

  private async setLogLevel(call: McpCall): Promise<void> {
    const { caller, headers, session, body, message } = call;
    const hasLogging = ({ servedIn }: Gateway): boolean => declares(servedIn.legacy, 'logging');
    if (!caller.server.gateways.some(hasLogging)) throw new LetheError('method_unknown');
    const { level } = message.params;
    if (typeof level !== 'string' || !LEVELS.has(level)) throw new LetheError('params_invalid', { member: 'level' });
    await this.parts.broadcast.request(headers, caller, session, { id: message.id, body }, hasLogging);
    sendResult(call, '{}');
  }
}

/** The client capabilities that upstreams may use: those of the session, or of the request itself. */
function declaredBy({ era, session, message }: McpCall): JsonObject {
  return era.era === 'legacy' ? session.clientCapabilities : relayedClientCapabilities(clientCapabilitiesOf(message));
}

/** @throws LetheError `message_invalid` for a notification whose method requires a response */
function callOf(request: SessionRequest): McpCall {
  if (!isCall(request)) throw new LetheError('message_invalid', { rule: 'id_missing' });
  return request;
}

function sendResult(request: SessionRequest, resultJson: string, headers: Record<string, string> = {}): void {
  const { message, response } = callOf(request);
  response.sendJson(200, encodeResult(message.id, resultJson), headers);
}
