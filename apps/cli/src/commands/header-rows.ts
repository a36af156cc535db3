import type { GatewayResponse, ServerResponse } from '../registry/responses.js';
import { nameToSend, type NeededHeader, secretText, valueWith } from '@lethe/mcp';

/** Rows of a table: name, value, and what to know about it. */
export function headerRows(headers: readonly NeededHeader[]): string[][] {
  return headers.map((header) => {
    const longForm = header.short === undefined ? [] : [`or ${header.exact}`];
    const facts = [header.required ? 'required' : 'optional', ...longForm].join(', ');
    return [`  ${nameToSend(header)}`, valueWith(header, `<${secretText(header)}>`), `(${facts})`];
  });
}

/** Those to which callers send credentials of their own: the others refuse them. */
export function takingHeaders(
  gateways: readonly GatewayResponse[],
  { credentials }: ServerResponse,
): GatewayResponse[] {
  const kept = new Set(credentials?.flatMap(({ gateway, use }) => (use === 'kept' ? [gateway] : [])));
  return gateways.filter(({ slug }) => !kept.has(slug));
}
