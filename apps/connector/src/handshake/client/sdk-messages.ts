import type { Dispatcher } from 'undici';
import { isObject, parseJson, type RpcId } from '@lethe/mcp';
import { headerOf } from './response-head.js';

/** A message that an SDK transport sends. */
export interface OutgoingMessage {
  /** Missing in notifications. */
  id?: RpcId;
}

/** Reads the id of the message that an SDK transport sends. */
export function outgoingOf(body: RequestInit['body']): OutgoingMessage {
  const message = typeof body === 'string' ? parseJson(body) : undefined;
  if (!isObject(message)) return {};
  const { id } = message;
  return typeof id === 'string' || typeof id === 'number' ? { id } : {};
}

/** What the SDK receives: the response as plain JSON and the session id, nothing else from the upstream. */
export function toSdkResponse(
  response: Dispatcher.ResponseData,
  id: RpcId | undefined,
  text: string | undefined,
): Response {
  const headers = new Headers();
  const session = headerOf(response, 'mcp-session-id');
  if (session !== undefined) headers.set('mcp-session-id', session);
  const isFine = response.statusCode < 400;
  if (id === undefined) return new Response(null, { status: isFine ? 202 : response.statusCode, headers });
  headers.set('content-type', text === undefined ? 'text/plain' : 'application/json');
  return new Response(text ?? '', { status: isFine ? 200 : response.statusCode, headers });
}
