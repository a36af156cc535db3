import { type EraFacts, erasOf, type ManifestGateway, mapEras, type UpstreamFacts } from '@lethe/contracts';
import { byteLimits, shortened } from '@lethe/mcp';

/** Bytes of the facts of one era, without instructions. */
const MAX_FACTS_BYTES = 16 * 1024;

const sizeOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));

/**
 * Shortens facts that are too long for a manifest: first the icons are dropped, then the rest of the server info, then the
 * capabilities. The instructions are shortened later, when it is known how many gateways share the room for them.
 */
export function publishedFacts(facts: UpstreamFacts): UpstreamFacts {
  return mapEras(facts, fitting);
}

function fitting(facts: EraFacts): EraFacts {
  const { icons: _icons, ...serverInfo } = facts.serverInfo;
  const shorter = [facts, { ...facts, serverInfo }, { ...facts, serverInfo: {} }];
  const fits = (one: EraFacts): boolean => sizeOf({ ...one, instructions: undefined }) <= MAX_FACTS_BYTES;
  return shorter.find(fits) ?? { ...facts, serverInfo: {}, capabilities: {} };
}

/**
 * Shortens the instructions of all gateways so that a session has room for them together, in either era.
 * @param isReplaced the virtual server has instructions of its own: those of its gateways are never shown
 */
export function withFittingInstructions(gateways: readonly ManifestGateway[], isReplaced: boolean): ManifestGateway[] {
  const sizes = gateways.map(({ facts }) => Math.max(...erasOf(facts).map(instructionBytes)));
  const limits = byteLimits(sizes, isReplaced ? 0 : undefined);
  return gateways.map((gateway, at) => ({
    ...gateway,
    facts: mapEras(gateway.facts, (facts) => withInstructions(facts, limits[at] ?? 0)),
  }));
}

function instructionBytes({ instructions = '' }: EraFacts): number {
  return Buffer.byteLength(instructions);
}

function withInstructions({ instructions = '', ...facts }: EraFacts, maxBytes: number): EraFacts {
  const isShown = instructions !== '' && maxBytes > 0;
  return isShown ? { ...facts, instructions: shortened(instructions, maxBytes) } : facts;
}
