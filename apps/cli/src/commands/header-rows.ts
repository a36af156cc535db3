import { isForKept } from '../registry/kept-grants.js';
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

/**
 * The gateways to which callers send credentials of their own, and which of their headers they have to. `kept` refuses them;
 * callers who may use the kept one may leave them out.
 * @param roles those of the caller; undefined: whatever roles it has
 */
export function takingHeaders(
  gateways: readonly GatewayResponse[],
  { credentials, grants }: ServerResponse,
  roles?: readonly string[],
): GatewayResponse[] {
  const useOf = new Map(credentials?.map(({ gateway, use }) => [gateway, use]));
  const isGranted = (slug: string): boolean =>
    grants?.some((grant) => isForKept(grant, slug) && (roles?.includes(grant.role) ?? true)) ?? false;
  return gateways.flatMap((gateway) => {
    const use = useOf.get(gateway.slug) ?? 'callers';
    if (use === 'kept') return [];
    const isOptional = use === 'callers-then-kept' && gateway.kept && isGranted(gateway.slug);
    const optional = gateway.passthroughHeaders.map((header) => ({ ...header, required: false }));
    return [isOptional ? { ...gateway, passthroughHeaders: optional } : gateway];
  });
}
