import { factsIn, MAX_SESSIONFUL_GATEWAYS, type UpstreamFacts } from '@lethe/contracts';
import { MAX_SESSION_TOKEN_BYTES, type SessionShare, sessionTokenLength } from '@lethe/mcp';

/** What a gateway adds to the session tokens of legacy clients; undefined when its upstream keeps no sessions. */
export function sessionShareOf(slug: string, facts: UpstreamFacts | null | undefined): SessionShare | undefined {
  const legacy = facts && factsIn(facts, 'legacy');
  return legacy?.sessionful === true ? { slug, idBytes: legacy.sessionIdBytes } : undefined;
}

/** Why one `initialize` of a client can't open sessions with all of these gateways; undefined when it can. */
export function sessionsProblem(
  shares: readonly SessionShare[],
): 'too_many_sessionful' | 'session_token_too_large' | undefined {
  if (shares.length > MAX_SESSIONFUL_GATEWAYS) return 'too_many_sessionful';
  return sessionTokenLength(shares) > MAX_SESSION_TOKEN_BYTES ? 'session_token_too_large' : undefined;
}
