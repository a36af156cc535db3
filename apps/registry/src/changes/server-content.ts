import { type EraFacts, erasOf, type JsonObject, type JsonValue, type UpstreamFacts } from '@lethe/contracts';
import { hiddenInValue, hidesSomething } from '@lethe/mcp';
import { canonicalJson } from '@lethe/sealing';
import type { ItemChange, ItemContent } from '../catalogue/item-content.js';

/** The member of what an upstream says of itself that tells where people get tokens for it. */
const AUTHORIZATION = 'authorization';

/** The name of the one item of the kind `server`. */
export const SERVER_NAME = 'server';

/**
 * The change of what an upstream says of itself: instructions, name, title, description, icons, and the resource and issuers
 * for which people log in. A version that goes up is no change, nor are the scopes of tokens, nor capabilities, unless they hide
 * something. Undefined if nothing differs.
 */
export function serverChange(before: UpstreamFacts | undefined, after: UpstreamFacts): ItemChange | undefined {
  const is = { kind: 'server', own: SERVER_NAME } as const;
  const now = serverContent(after);
  if (before === undefined) return { ...is, change: 'added', after: now };
  const was = serverContent(before);
  return canonicalJson(was) === canonicalJson(now) ? undefined : { ...is, change: 'changed', before: was, after: now };
}

/** Whether a change sends the logins of people elsewhere: to another issuer, or for another resource. */
export function movesLogins({ kind, change, before, after }: ItemChange): boolean {
  if (kind !== 'server' || change !== 'changed') return false;
  const [was, is] = [before, after].map((content) => content?.definition[AUTHORIZATION] ?? null);
  return canonicalJson(was) !== canonicalJson(is);
}

/** The other era is told apart only if it says something else: an upstream that learns an era has not changed its texts. */
function serverContent(facts: UpstreamFacts): ItemContent {
  const [main, other] = erasOf(facts).map(textsOf);
  const isSame = other === undefined || canonicalJson(other) === canonicalJson(main);
  return { definition: { ...main, ...authorizationOf(facts) }, ...(!isSame && { legacyDefinition: other }) };
}

function authorizationOf({ oauth }: UpstreamFacts): JsonObject {
  if (!oauth) return {};
  const issuers = oauth.servers.map(({ issuer }) => issuer).toSorted();
  return { [AUTHORIZATION]: { resource: oauth.resource, issuers } };
}

function textsOf({ serverInfo, capabilities, instructions }: EraFacts): JsonObject {
  const { version, ...texts } = serverInfo;
  return {
    ...(instructions !== undefined && { instructions }),
    serverInfo: version !== undefined && isHiding(version) ? { ...texts, version } : texts,
    ...(isHiding(capabilities) && { capabilities }),
  };
}

function isHiding(value: JsonValue): boolean {
  return hidesSomething(hiddenInValue(value));
}
