import type { JsonObject, JsonValue } from '@lethe/contracts';
import {
  encodeHeaderValue,
  isObject,
  META,
  NAMED_BY,
  type ParamHeader,
  paramHeaders,
  parseJson,
  readParamHeaders,
  type RpcRequest,
} from '@lethe/mcp';
import type { Headers } from './lethe-connection.js';

/** More pages than any list has. */
const MAX_PAGES = 100;

/** The `tools/list` request of a client, of the one page with this cursor. Answers with the JSON of the response. */
export type ListPage = (params: JsonObject) => Promise<string>;

/** The headers that repeat parts of a modern message (MCP 2026-07-28, streamable HTTP); over stdio no client sends them. */
export class ModernHeaders {
  /** By exposed name; only tools that need any. */
  private params: ReadonlyMap<string, ParamHeader[]> = new Map();

  of({ method, params }: Pick<RpcRequest, 'method' | 'params'>): Headers {
    const meta = params['_meta'];
    const version = isObject(meta) ? meta[META.protocolVersion] : undefined;
    const by = NAMED_BY.get(method);
    const name = by && params[by];
    const own = method === 'tools/call' && typeof name === 'string' ? this.params.get(name) : undefined;
    return {
      ...(typeof version === 'string' && { 'MCP-Protocol-Version': version }),
      'Mcp-Method': encodeHeaderValue(method),
      ...(typeof name === 'string' && { 'Mcp-Name': encodeHeaderValue(name) }),
      ...(own && Object.fromEntries(paramHeaders(own, params['arguments']))),
    };
  }

  /** Reads which tools have parameters to repeat. It is asked for when a call was refused for that, and at no other time. */
  async learn({ params }: RpcRequest, listPage: ListPage): Promise<void> {
    const { progressToken: _progressToken, ...meta } = isObject(params['_meta']) ? params['_meta'] : {};
    const found = new Map<string, ParamHeader[]>();
    let cursor: JsonValue | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const message = parseJson(await listPage({ _meta: meta, ...(typeof cursor === 'string' && { cursor }) }));
      const result = isObject(message) && isObject(message['result']) ? message['result'] : {};
      for (const tool of Array.isArray(result['tools']) ? result['tools'] : []) {
        if (!isObject(tool) || typeof tool['name'] !== 'string') continue;
        const needed = readParamHeaders(tool['inputSchema']);
        if (needed.length > 0) found.set(tool['name'], needed);
      }
      cursor = result['nextCursor'];
      if (typeof cursor !== 'string') break;
    }
    this.params = found;
  }
}
