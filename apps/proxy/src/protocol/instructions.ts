import { type Era, factsIn } from '@lethe/contracts';
import { fitInstructions } from '@lethe/mcp';
import type { Gateway } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** The instructions of one gateway's upstream. */
interface GatewayInstructions {
  readonly name: string;
  readonly text: string;
}

/**
 * What a virtual server tells the model of a client: its own instructions, or those of its upstreams, each under the name of
 * its gateway if there are several gateways. Undefined if there are none.
 */
export function instructionsFor(server: VirtualServer, era: Era): string | undefined {
  const { instructions: own } = server.manifest;
  if (own !== undefined) return own === '' ? undefined : own;
  const found = server.gateways.flatMap((gateway) => instructionsOf(server, gateway, era));
  if (found.length === 0) return undefined;
  const texts = fitInstructions(found.map(({ text }) => text));
  if (server.gateways.length === 1) return texts[0];
  return found.map(({ name }, at) => `# ${name}\n\n${(texts[at] ?? '').trim()}`).join('\n\n');
}

/** One text of several, of which some may be undefined; undefined if all are. */
export function joinInstructions(texts: readonly (string | undefined)[]): string | undefined {
  const known = texts.filter((text) => text !== undefined);
  return known.length === 0 ? undefined : known.join('\n\n');
}

/**
 * In the era in which the gateway is called for these clients. Like the lists, they were found with another credential: with
 * `listing: live` they are not shown.
 */
function instructionsOf({ manifest }: VirtualServer, gateway: Gateway, era: Era): GatewayInstructions[] {
  if (gateway.closed || !gateway.isListed) return [];
  const facts = manifest.gateways.find(({ id }) => id === gateway.id)?.facts;
  const text = (facts && factsIn(facts, gateway.servedIn[era].era)?.instructions) ?? '';
  return text.trim() === '' ? [] : [{ name: gateway.name, text }];
}
