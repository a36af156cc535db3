import type { HeaderSource } from '@lethe/mcp';

/** What one member brings to the passthrough headers of a server. */
export interface MemberHeaders extends HeaderSource {
  gatewayId: string;
}

const mapsHeader = ({ mappings }: MemberHeaders, header: string): string | undefined =>
  mappings.find((mapping) => mapping.header.toLowerCase() === header.toLowerCase())?.header;

/** For a new server: each header that exactly one gateway maps belongs to it in its short form. */
export function firstShortForm(sources: MemberHeaders[]): Record<string, string> {
  const headers = new Map<string, { header: string; owners: string[] }>();
  for (const { gatewayId, mappings } of sources) {
    for (const { header } of mappings) {
      const entry = headers.get(header.toLowerCase()) ?? { header, owners: [] };
      entry.owners.push(gatewayId);
      headers.set(header.toLowerCase(), entry);
    }
  }
  const single = [...headers.values()].filter(({ owners }) => owners.length === 1);
  return Object.fromEntries(single.map(({ header, owners }) => [header, owners[0] ?? '']));
}

/** After a change of members: owners stay; where the owner has left, the short form is off until it is set again. */
export function keptShortForm(shortForm: Record<string, string>, members: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(shortForm).filter(([, owner]) => members.includes(owner)));
}

/** The first wish that can't be: its gateway is no member or does not map the header. */
export function shortFormProblem(shortForm: Record<string, string>, sources: MemberHeaders[]): string | undefined {
  const seen = new Set<string>();
  return Object.entries(shortForm).find(([header, owner]) => {
    const source = sources.find(({ gatewayId }) => gatewayId === owner);
    const isTwice = seen.has(header.toLowerCase());
    seen.add(header.toLowerCase());
    return isTwice || source === undefined || mapsHeader(source, header) === undefined;
  })?.[0];
}
