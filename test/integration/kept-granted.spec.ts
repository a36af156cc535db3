import { exactHeaderName } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '../../apps/proxy/src/auth/authenticator.js';
import { UpstreamAccess, UpstreamCredentials } from '../../apps/proxy/src/credentials/upstream-credentials.js';
import { parseRequestHeaders, type RequestHeaders } from '../../apps/proxy/src/http/request/request-headers.js';
import type { Gateway } from '../../apps/proxy/src/routes/table/gateway.js';
import { KeptGateways } from '../../apps/proxy/src/routes/table/kept-gateways.js';
import type { VirtualServer } from '../../apps/proxy/src/routes/table/virtual-server.js';
import { upstreamRequest } from '../../apps/proxy/src/upstream/upstream-client.js';
import { explainKept, keptReason } from '../../apps/registry/src/explain/explain-kept.js';
import { refusalByRoles } from '../../apps/registry/src/explain/roles.js';
import { verifies } from '../requirements.js';
import { KEPT_VALUE, keptEntry } from '../support/kept/entries.js';
import { storedKept, storedServer, toldBy } from '../support/kept/explained.js';
import { NOT_SAID, type RandomGateway, type RandomItem, randomServer, type RandomServer, ROLE_SETS, UNDERWAY, UNLISTED } from '../support/kept/random-servers.js'; // prettier-ignore
import { type Outcome, Rule } from '../support/kept/rule.js';
import { serverRoutes, type TestGateway } from '../support/proxy/server-routes.js';
import { testTrust } from '../support/trust.js';

const SEED = 20_261_130;
/** `KEPT_SERVERS=5000` looks longer. Each virtual server is asked by callers of all roles, with and without their own headers. */
const SERVERS = Number(process.env['KEPT_SERVERS'] ?? 400);
const OWN_VALUE = 'Bearer own-of-the-caller';
const trust = testTrust();

type TestItem = NonNullable<TestGateway['items']>[number];

const template = (own: string): RandomItem => ({ kind: 'resourceTemplate', own, hint: undefined, readOnly: undefined });
const keptOf = (slug: string, item: RandomItem): RandomGateway =>
  ({ slug, mappings: [], items: [item], trustHints: false, state: 'kept', use: 'kept' }); // prettier-ignore
/** A URI that belongs to the one gateway for some callers, and to the other one, as their only one, for others. */
const OWNERS_DIFFER: RandomServer = {
  access: 'key',
  grants: [{ role: 'eng' }, { role: 'ops', gateways: ['g1'] }],
  gateways: [keptOf('g0', template('x://a/{+rest}')), keptOf('g1', template('y://{id}2'))],
};

/** A virtual server as a proxy has it, once everything that is kept for it has arrived. */
async function served({ access, grants, gateways }: RandomServer): Promise<VirtualServer> {
  const kept = new KeptGateways(trust.keptRing(), { allowed: [] });
  const drafts = gateways.map(({ slug, mappings, items, trustHints, state }) => ({
    ...{ slug, mappings },
    items: items.map(({ kind, own, hint }): TestItem => [kind, own, hint === undefined ? {} : { annotations: { readOnlyHint: hint } }]), // prettier-ignore
    readOnly: Object.fromEntries(items.flatMap(({ own, readOnly }) => (readOnly === undefined ? [] : [[own, readOnly]]))), // prettier-ignore
    ...(trustHints && { trustHints: true as const }),
    ...(!NOT_SAID.has(state) && { credential: 'kept' as const }),
  }));
  const credentials = Object.fromEntries(gateways.flatMap(({ slug, use }) => (use ? [[slug, use]] : [])));
  const server = serverRoutes(drafts, { access: access === 'jwt' ? 'key' : access, grants, credentials, kept });
  await kept.prepare(server.manifest);
  for (const [at, { state }] of gateways.entries()) {
    const entry = await keptEntry(trust, server.manifest.gateways[at]!, state);
    if (entry) await kept.take(entry);
  }
  return server;
}

function callerOf({ access }: RandomServer, server: VirtualServer, roles: string[]): Caller {
  if (access === 'open') return Caller.open(server);
  if (access === 'jwt') return Caller.ofToken(server, { iss: 'https://idp.example', sub: 'a', roles });
  return Caller.ofKey(server, { keyId: 'k', servers: '*', hash: '', roles, revision: 1 } as never);
}

/** The caller's own headers: for no gateway, or the first of each that takes some. */
const sentFor = (gateways: readonly RandomGateway[]): RequestHeaders =>
  parseRequestHeaders(
    gateways.flatMap(({ slug, mappings: [first] }) => (first ? [exactHeaderName(slug, first.header), OWN_VALUE] : [])),
  );

/** Whose credential the request that is built has, or why there is none. */
function sentBy(select: () => UpstreamCredentials): Outcome {
  try {
    const { headers, path } = upstreamRequest(select(), 'POST', [], null);
    const text = decodeURIComponent([...headers, path].join('\n'));
    const found = [text.includes(KEPT_VALUE) && 'KEPT', text.includes(OWN_VALUE) && 'OWN'].filter(Boolean);
    return found.join('+') || 'NONE';
  } catch (error) {
    if (error instanceof LetheError) return error.code;
    throw error;
  }
}

describe('who may use a kept credential: by the rule, by what is explained, and by what is sent', () => {
  // Most requests are refused, and nobody reads the stacks of the errors.
  const { stackTraceLimit } = Error;
  beforeAll(() => void (Error.stackTraceLimit = 0));
  afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));
  const seen = new Map<string, number>();
  const note = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1);

  /** `expect` takes longer than all the rest. */
  const same = (found: Outcome, wanted: Outcome, about: object): void => {
    note(wanted);
    if (found !== wanted) expect({ ...about, outcome: found }).toEqual({ ...about, outcome: wanted });
  };

  const explained = (random: RandomServer, gateway: RandomGateway, item: RandomItem, roles: string[]) => {
    const details = storedServer(random);
    const found = {
      kind: item.kind,
      exposed: item.own,
      own: item.own,
      gatewayId: `id-${gateway.slug}`,
      by: 'name' as const,
    };
    const hintsReadOnly = item.kind === 'tool' && gateway.trustHints && item.hint === true;
    const refusal = refusalByRoles(details, found, roles, hintsReadOnly);
    const kept = explainKept(details, storedKept(gateway), found, { roles, hintsReadOnly });
    return { kept, reason: refusal ?? keptReason(kept) };
  };

  const checkItems = (
    random: RandomServer,
    gateway: RandomGateway,
    caller: Caller,
    headers: RequestHeaders,
    roles: string[],
  ) => {
    // prettier-ignore
    const rule = new Rule(random, roles);
    const isSent = headers !== NOTHING && gateway.mappings.length > 0;
    for (const item of gateway.items) {
      const about = { random, roles, item, slug: gateway.slug, isSent };
      const own = rule.outcome({ ...gateway, use: undefined }, false, isSent);
      const wanted = rule.allows(gateway, item) ? rule.outcome(gateway, rule.grantsKept(gateway, item), isSent) : 'item_unknown'; // prettier-ignore
      const found = caller.server.items[item.kind].get(item.own);
      same(found ? sentBy(() => UpstreamCredentials.select(headers, UpstreamAccess.forItem(caller, found, 'legacy'))) : 'item_unknown', wanted, about); // prettier-ignore
      if (!UNDERWAY.has(gateway.state)) same(toldBy(explained(random, gateway, item, roles), own, isSent), wanted, { ...about, explained: true }); // prettier-ignore
    }
  };

  const checkUnlisted = (random: RandomServer, caller: Caller, headers: RequestHeaders, roles: string[]) => {
    const rule = new Rule(random, roles);
    for (const uri of UNLISTED) {
      const found = caller.server.resourceAt(uri);
      if (!found) continue;
      const gateway = random.gateways.find(({ slug }) => slug === found.gateway.slug)!;
      const isGranted = rule.grantsKept(gateway, { kind: 'resource', own: uri, hint: undefined, readOnly: undefined });
      const isSent = headers !== NOTHING && gateway.mappings.length > 0;
      const outcome = sentBy(() =>
        UpstreamCredentials.select(headers, UpstreamAccess.forItem(caller, found, 'modern')),
      );
      same(outcome, rule.outcome(gateway, isGranted, isSent), { random, roles, uri, isSent });
    }
  };

  /** Sessions, live lists and streams: whoever opens one may be taken for whoever calls in it. */
  const checkWhole = (
    random: RandomServer,
    gateway: RandomGateway,
    caller: Caller,
    headers: RequestHeaders,
    roles: string[],
  ) => {
    // prettier-ignore
    const reached = caller.server.gateways.find(({ slug }) => slug === gateway.slug);
    const rule = new Rule(random, roles);
    const isUsed = gateway.items.some((item) => rule.allows(gateway, item)) || !random.grants;
    if (!reached) return same('item_unknown', isUsed ? 'reached' : 'item_unknown', { random, roles, gateway });
    const outcome = sentBy(() => UpstreamCredentials.forGateway(headers, caller, reached, 'legacy'));
    const isSent = headers !== NOTHING && gateway.mappings.length > 0;
    same(outcome, rule.outcome(gateway, rule.grantsAllKept(gateway), isSent), {
      random,
      roles,
      whole: gateway.slug,
      isSent,
    });
    if (outcome === 'KEPT') expect(usesOther(random, caller, reached, roles)).toBeUndefined();
    return undefined;
  };

  /** Anything at the gateway that the caller may use, and for which nobody granted it the credential. */
  const usesOther = (random: RandomServer, caller: Caller, reached: Gateway, roles: string[]) => {
    const gateway = random.gateways.find(({ slug }) => slug === reached.slug)!;
    const unlisted = UNLISTED.filter((uri) => caller.server.resourceAt(uri)?.gateway === reached);
    const all = [...gateway.items, ...unlisted.map((own): RandomItem => ({ kind: 'resource', own, hint: undefined, readOnly: undefined }))]; // prettier-ignore
    const rule = new Rule(random, roles);
    return all.find(
      (item) => (rule.allows(gateway, item) || unlisted.includes(item.own)) && !rule.grantsKept(gateway, item),
    );
  };

  const NOTHING = parseRequestHeaders([]);

  it(`is the same for every caller, item, session and header (seed ${SEED})`, { timeout: 120_000 }, async () => {
    verifies('kept.granted-only');
    verifies('kept.explained');
    const property = fc.asyncProperty(randomServer, async (random) => {
      const server = await served(random);
      for (const given of ROLE_SETS) {
        const roles = random.access === 'open' ? [] : given;
        const caller = callerOf(random, server, roles);
        for (const headers of [NOTHING, sentFor(random.gateways)]) {
          for (const gateway of random.gateways) {
            checkItems(random, gateway, caller, headers, roles);
            checkWhole(random, gateway, caller, headers, roles);
          }
          checkUnlisted(random, caller, headers, roles);
        }
      }
    });
    await fc.assert(property, { numRuns: SERVERS, seed: SEED, examples: [[OWNERS_DIFFER]] });
    const counted = ['KEPT', 'OWN', 'NONE', 'item_unknown', 'credential_required', 'kept_credential_only', 'kept_not_granted', 'gateway_unavailable']; // prettier-ignore
    const seldom = counted.filter((outcome) => (seen.get(outcome) ?? 0) < SERVERS);
    expect(seldom).toEqual([]);
  });
});
