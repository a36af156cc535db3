import { type HeaderSource, shortHeaderName } from '@lethe/mcp';

/** The passthrough headers that one gateway of a server maps. */
export interface MemberHeaders extends HeaderSource {
  gatewayId: string;
}

const hasShortForm = ({ header }: { header: string }): boolean => shortHeaderName(header) !== undefined;

const mapsHeader = ({ mappings }: MemberHeaders, header: string): string | undefined =>
  mappings.filter(hasShortForm).find((mapping) => mapping.header.toLowerCase() === header.toLowerCase())?.header;

/** The short form of a new server: a header that only one gateway maps belongs to that gateway. */
export function firstShortForm(sources: MemberHeaders[]): Record<string, string> {
  const headers = new Map<string, { header: string; owners: string[] }>();
  for (const { gatewayId, mappings } of sources) {
    for (const { header } of mappings.filter(hasShortForm)) {
      const entry = headers.get(header.toLowerCase()) ?? { header, owners: [] };
      entry.owners.push(gatewayId);
      headers.set(header.toLowerCase(), entry);
    }
  }
  const single = [...headers.values()].filter(({ owners }) => owners.length === 1);
  return Object.fromEntries(single.map(({ header, owners }) => [header, owners[0] ?? '']));
}

/**
 * The short form after a change of gateways: owners stay. A header whose owner was removed has no short form until an
 * administrator sets one.
 */
export function keptShortForm(shortForm: Record<string, string>, members: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(shortForm).filter(([, owner]) => members.includes(owner)));
}

/** The first header that can't be set: given twice, without a short form, or its gateway is not in the server or does not map it. */
export function shortFormProblem(shortForm: Record<string, string>, sources: MemberHeaders[]): string | undefined {
  const seen = new Set<string>();
  return Object.entries(shortForm).find(([header, owner]) => {
    const source = sources.find(({ gatewayId }) => gatewayId === owner);
    const isTwice = seen.has(header.toLowerCase());
    seen.add(header.toLowerCase());
    return isTwice || source === undefined || mapsHeader(source, header) === undefined;
  })?.[0];
}
