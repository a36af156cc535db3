import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { boundedRetryMs, encodeNotification, isObject, META, parseJson, type RpcId, type RpcRequest } from '@lethe/mcp';
import type { CallRelayParts } from './call-relay.js';
import { type MessageSink, readResponse } from './responses.js';

const RETRY_MS = 1_000;
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
/** What a part of a filter selects. */
const LIST_CHANGES = {
  toolsListChanged: 'notifications/tools/list_changed',
  promptsListChanged: 'notifications/prompts/list_changed',
  resourcesListChanged: 'notifications/resources/list_changed',
} as const;

/** Whether a request lasts for as long as the client listens. */
export function listens({ method }: Pick<RpcRequest, 'method'>): boolean {
  return method === 'subscriptions/listen';
}

/**
 * Relays `subscriptions/listen` until Lethe ends it with a response, or the client does. A stream that is cut is opened again: a
 * client of standard streams can't know that there is a network.
 */
export class ListenRelay {
  constructor(private readonly parts: Pick<CallRelayParts, 'connection' | 'headers' | 'modern'>) {}

  /** @throws Error of the connection, and CliError, before it is acknowledged */
  async relay(request: RpcRequest, sink: MessageSink, signal: AbortSignal): Promise<void> {
    let isAcknowledged = false;
    let waitMs = RETRY_MS;
    const checked: MessageSink = {
      long: (chunks) => sink.long(chunks),
      message: async (json, isResponse) => {
        const isAgain = isAcknowledged && isAcknowledgement(json);
        isAcknowledged ||= isAcknowledgement(json);
        waitMs = RETRY_MS;
        for (const each of isAgain ? missed(json, request.id) : [json]) await sink.message(each, isResponse);
      },
    };
    for (;;) {
      const isAnswered = await this.once(request, checked, signal, isAcknowledged).catch((error: unknown) => {
        if (signal.aborted || !isAcknowledged) throw error;
        return false;
      });
      if (isAnswered) return;
      await pause(waitMs, undefined, { signal });
      waitMs = boundedRetryMs(waitMs * 2);
    }
  }

  /** Returns whether there was a response. */
  private async once(request: RpcRequest, sink: MessageSink, signal: AbortSignal, isAgain: boolean): Promise<boolean> {
    const { connection, headers, modern } = this.parts;
    const sent = await headers.current('stream');
    let response = await connection.post(request.bytes, { ...sent.headers, ...modern.of(request) }, signal);
    if (headers.learn(response, sent)) {
      // An upstream that wants other proofs of possession was left out.
      response.destroy();
      const again = await headers.current('stream');
      response = await connection.post(request.bytes, { ...again.headers, ...modern.of(request) }, signal);
    }
    if (isAgain && isTransient(response)) {
      response.resume();
      return false;
    }
    return (await readResponse(response, request.id, sink)).as === 'answered';
  }
}

/** Whether Lethe, or what is before it, is not there now. */
function isTransient({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode === 429 || statusCode >= 500;
}

function isAcknowledgement(json: string): boolean {
  if (!json.includes(ACKNOWLEDGED)) return false;
  const message = parseJson(json);
  return isObject(message) && message['method'] === ACKNOWLEDGED;
}

/** Instead of a second acknowledgement: all that the client listens to may have changed meanwhile. */
function missed(acknowledgement: string, id: RpcId): string[] {
  const message = parseJson(acknowledgement);
  const params = isObject(message) && isObject(message['params']) ? message['params'] : {};
  const filter = isObject(params['notifications']) ? params['notifications'] : {};
  const _meta = { [META.subscriptionId]: id };
  const lists = Object.entries(LIST_CHANGES).flatMap(([flag, method]) => (filter[flag] === true ? [method] : []));
  const uris = Array.isArray(filter['resourceSubscriptions']) ? filter['resourceSubscriptions'] : [];
  const changes = [
    ...lists.map((method) => encodeNotification(method, { _meta })),
    ...uris.map((uri) => encodeNotification('notifications/resources/updated', { uri, _meta })),
  ];
  return changes.map(String);
}
