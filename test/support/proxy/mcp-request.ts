import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { decodeMessage } from '@lethe/mcp';
import type { Caller } from '../../../apps/proxy/src/auth/authenticator.js';
import { parseRequestHeaders } from '../../../apps/proxy/src/http/request/request-headers.js';
import { ResponseWriter } from '../../../apps/proxy/src/http/response/response-writer.js';
import { ERAS } from '../../../apps/proxy/src/protocol/eras.js';
import { type DecodedRequest, McpRequest } from '../../../apps/proxy/src/request/mcp-request.js';
import { ExposedItem } from '../../../apps/proxy/src/routes/table/item-list.js';

/** A request whose head is admitted and whose response is not read. */
export function admittedRequest(): McpRequest {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  return new McpRequest('POST', 's', parseRequestHeaders([]), new ResponseWriter(response), () => undefined);
}

/** A decoded message of a caller, on its way to a gateway where one is named; a response where no method is. */
export function decodedRequest(
  caller: Caller,
  of: 'legacy' | 'modern',
  method: string | undefined,
  gateway?: string,
): DecodedRequest {
  const request: McpRequest = admittedRequest();
  const content = method === undefined ? { result: {} } : { method, params: { name: 'a' } };
  const decoded = decodeMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, ...content })));
  if (!decoded.ok) throw new Error(decoded.problem);
  const era = ERAS[of];
  const rule = method === undefined ? undefined : era.methods.get(method);
  request.setCaller(caller);
  request.setMessage({ message: decoded.message, era, version: '2025-11-25', rule });
  const target = caller.server.gateways.find(({ slug }) => slug === gateway);
  if (target) request.setTarget({ item: new ExposedItem('tool', 'a', target, 'a', {}), body: request.body });
  return request;
}
