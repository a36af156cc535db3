import type { IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, constants, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Era } from '@lethe/contracts';

/** What is noted of one request and its response: names, never the values of headers. */
export interface Exchange {
  /** Which of the recorder's targets. */
  target: string;
  method: string;
  path: string;
  headerNames: string[];
  status?: number;
  rpc?: RpcNote;
  /** The names of the tools on the page, if the response is a page of `tools/list`. */
  listed?: string[];
}

/** What is noted of a JSON-RPC message. */
export interface RpcNote {
  method: string;
  era: Era;
  protocolVersion?: string;
  tool?: string;
  /** The names of the client capabilities that the message declares. */
  capabilities?: string[];
}

interface Message {
  method?: string;
  params?: {
    name?: string;
    protocolVersion?: string;
    capabilities?: object;
    _meta?: Record<string, unknown>;
  };
  result?: { tools?: { name: string }[] };
}

const META = 'io.modelcontextprotocol';

/** What a request's body says; undefined if it is not a JSON-RPC request or notification. */
export function noteOf(body: string): RpcNote | undefined {
  const message = messageIn(body);
  if (message?.method === undefined) return undefined;
  const { params } = message;
  const version = params?._meta?.[`${META}/protocolVersion`];
  const declared = params?._meta?.[`${META}/clientCapabilities`] ?? params?.capabilities;
  const isModern = version !== undefined || message.method === 'server/discover';
  return {
    method: message.method,
    era: isModern ? 'modern' : 'legacy',
    protocolVersion: typeof version === 'string' ? version : params?.protocolVersion,
    ...(message.method === 'tools/call' && { tool: params?.name }),
    ...(typeof declared === 'object' && declared !== null && { capabilities: Object.keys(declared) }),
  };
}

/** The names of tools in a response of `tools/list`, as JSON or as a stream of events. */
export function toolsIn(body: Buffer, headers: IncomingHttpHeaders): string[] | undefined {
  const text = decoded(body, headers['content-encoding']);
  const isStream = headers['content-type']?.includes('text/event-stream') === true;
  const messages = isStream ? [...text.matchAll(/^data: ?(.*)$/gm)].map(([, data = '']) => data) : [text];
  return messages.map((each) => messageIn(each)?.result?.tools?.map(({ name }) => name)).find((names) => names);
}

function messageIn(text: string): Message | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function decoded(body: Buffer, encoding = 'identity'): string {
  // A stream that the client left may be cut off.
  const partial = { finishFlush: constants.Z_SYNC_FLUSH };
  if (encoding === 'gzip') return gunzipSync(body, partial).toString();
  if (encoding === 'deflate') return inflateSync(body, partial).toString();
  if (encoding === 'br') return brotliDecompressSync(body).toString();
  if (encoding === 'zstd') return zstdDecompressSync(body).toString();
  return body.toString();
}
