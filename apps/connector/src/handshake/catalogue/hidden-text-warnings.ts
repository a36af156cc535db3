import {
  type CatalogueItem,
  type EraFacts,
  type HiddenCounts,
  type UpstreamFacts,
  type HandshakeWarning,
} from '@lethe/contracts';
import { hiddenInValue, hidesSomething } from '@lethe/mcp';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';

/** Longest name in a warning, in bytes: all warnings are sent in one bus message. */
const MAX_NAME_BYTES = 128;

/** Reports items and facts whose texts hide characters from people. They are served as they are, once they were reviewed. */
export function hiddenTextWarnings(facts: UpstreamFacts, items: readonly CatalogueItem[]): HandshakeWarning[] {
  const { otherEra, ...main } = facts;
  const found = [
    ...inFacts('/facts', main),
    ...(otherEra ? inFacts('/facts/otherEra', otherEra) : []),
    ...inItems(items),
  ];
  return found.slice(0, HANDSHAKE_LIMITS.maxSkippedNamed);
}

function inFacts(pointer: string, { instructions, serverInfo, capabilities }: EraFacts): HandshakeWarning[] {
  return Object.entries({ instructions, serverInfo, capabilities }).flatMap(([member, value]) =>
    warning({ pointer: `${pointer}/${member}` }, hiddenInValue(value)),
  );
}

function inItems(items: readonly CatalogueItem[]): HandshakeWarning[] {
  return items.flatMap(({ kind, own, definition, legacyDefinition }, index) => {
    const isNameShort = Buffer.byteLength(own) <= MAX_NAME_BYTES;
    const place = { pointer: `/items/${index}`, kind, ...(isNameShort && { name: own }) };
    return warning(place, hiddenInValue({ definition, legacyDefinition: legacyDefinition ?? null }));
  });
}

type HiddenTextWarning = Extract<HandshakeWarning, { code: 'hidden_text' }>;

function warning(place: Omit<HiddenTextWarning, 'code' | 'found'>, found: HiddenCounts): HiddenTextWarning[] {
  return hidesSomething(found) ? [{ code: 'hidden_text', ...place, found }] : [];
}
