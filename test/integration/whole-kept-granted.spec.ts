import { randomUUID } from 'node:crypto';
import type { ItemKind } from '@lethe/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplanationView } from '../../apps/registry/src/explain/explain.view.js';
import { verifies } from '../requirements.js';
import { toldBy } from '../support/kept/explained.js';
import { type KeptState, type RandomGateway, type RandomItem, randomServer, type RandomServer, ROLE_SETS } from '../support/kept/random-servers.js'; // prettier-ignore
import { type Outcome, Rule } from '../support/kept/rule.js';
import { type Answer, legacy, modern } from '../support/proxy/rpc.js';
import { legacyScript, startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

const SEED = 20_261_130;
/** Virtual servers, each with `CALLS` requests. */
const SERVERS = Number(process.env['KEPT_WHOLE_SERVERS'] ?? 20);
const CALLS = 12;
const [REGISTERED, KEPT, OWN] = [`reg-${randomUUID()}`, `kept-${randomUUID()}`, `own-${randomUUID()}`];
const WAIT = { prefer: 'wait=10' };
const EXPIRES_IN_DAYS = 2 / 86_400;

const item = (kind: ItemKind, own: string, hint?: boolean): RandomItem => ({ kind, own, hint, readOnly: undefined });
const itemsOf = (end: string): RandomItem[] => [
  ...[item('tool', `a${end}`, true), item('tool', `b_1${end}`), item('prompt', `a_p${end}`)],
  ...[item('resource', `x://a/1${end}`), item('resource', `y://z${end}`), item('resourceTemplate', `x://{id}/1${end}`)],
];

/** An upstream with these items that accepts every credential, and none. */
function upstreamWith(items: RandomItem[]): Promise<Upstream> {
  const of = (kind: ItemKind) => items.filter((each) => each.kind === kind);
  const tool = ({ own, hint }: RandomItem) => ({ name: own, inputSchema: { type: 'object' }, annotations: { readOnlyHint: hint === true } }); // prettier-ignore
  const capabilities = { tools: {}, prompts: {}, resources: {}, completions: {} };
  const lists = {
    'tools/list': { tools: of('tool').map(tool) },
    'prompts/list': { prompts: of('prompt').map(({ own: name }) => ({ name })) },
    'resources/list': { resources: of('resource').map(({ own: uri }) => ({ uri, name: uri })) },
    'resources/templates/list': { resourceTemplates: of('resourceTemplate').map(({ own: uriTemplate }) => ({ uriTemplate, name: uriTemplate })) }, // prettier-ignore
  };
  const calls = { 'tools/call': { content: [] }, 'prompts/get': { messages: [] }, 'resources/read': { contents: [] }, 'completion/complete': { completion: { values: [] } } }; // prettier-ignore
  return startScriptedUpstream(legacyScript({ capabilities, results: { ...lists, ...calls } }));
}

/** How a client uses an item. */
const USES: Record<ItemKind, (own: string) => [method: string, params: { name?: string; uri?: string }]> = {
  tool: (name) => ['tools/call', { name, arguments: {} } as { name: string }],
  prompt: (name) => ['prompts/get', { name }],
  resource: (uri) => ['resources/read', { uri }],
  resourceTemplate: (uri) => ['completion/complete', { ref: { type: 'ref/resource', uri }, argument: { name: 'id', value: '' } } as object], // prettier-ignore
};

/** Registry, connector and proxy, each real: what `kept-granted.spec.ts` compares in one process is stored, published and sent. */
describe('who may use a kept credential, through registry and proxy', () => {
  let lethe: WholeLethe;
  const upstreams = new Map<string, Upstream>();
  const keys: { id: string; key: string; roles: string[] }[] = [];
  /** What is with each gateway now. */
  const states = new Map<string, KeptState>();
  const gateways = ['g0', 'g1'].map((slug) => ({ slug, items: itemsOf(slug === 'g0' ? '' : '2') }));

  beforeAll(async () => {
    lethe = await startWholeLethe({ LETHE_KEPT_CREDENTIALS: 'on' });
    for (const { slug, items } of gateways) {
      const upstream = await upstreamWith(items);
      upstreams.set(slug, upstream);
      const passthroughHeaders = [{ header: 'Authorization', scheme: 'bearer' }];
      const { verification } = await lethe.admin.register({ name: slug, slug, url: upstream.url, passthroughHeaders, trustHints: true }, REGISTERED); // prettier-ignore
      expect(verification.state).toBe('verified');
      states.set(slug, 'once');
    }
    for (const roles of ROLE_SETS) {
      const made = await lethe.admin.ask<{ id: string; key: string }>('POST', '/keys', { name: 'k', servers: '*', roles }, WAIT); // prettier-ignore
      keys.push({ ...made, roles });
    }
    await lethe.admin.ask('POST', '/servers', { name: 'random', access: 'key', eras: 'both', include: gateways.map(({ slug: gateway }) => ({ gateway })) }); // prettier-ignore
  });
  afterAll(async () => {
    for (const upstream of upstreams.values()) await upstream.close();
    await lethe?.close();
  });

  /** Brings a gateway into a state, if that can be done now. */
  const bring = async (slug: string, wanted: KeptState): Promise<KeptState> => {
    const now = states.get(slug) ?? 'once';
    const path = `/gateways/${slug}/kept-credential`;
    const isKept = wanted === 'kept' || wanted === 'expired';
    if (isKept && now !== wanted) {
      const credential = { scheme: 'bearer', token: KEPT } as const;
      const sealed = await lethe.admin.sealKept(slug, credential, wanted === 'expired' ? EXPIRES_IN_DAYS : 7);
      await lethe.admin.ask('PUT', path, sealed, WAIT);
      const until = async () => (await lethe.admin.ask<{ kept: { state: string } }>('GET', `/gateways/${slug}`)).kept.state; // prettier-ignore
      if (wanted === 'expired') await expect.poll(until, { timeout: 10_000 }).toBe('ended');
    }
    if (!isKept && (now === 'kept' || now === 'expired')) await lethe.admin.ask('DELETE', path, undefined, WAIT);
    const reached: KeptState = isKept ? wanted : 'forgotten';
    states.set(slug, reached);
    return reached;
  };

  /** The virtual server as it is now: what was asked for, with what there can be. */
  const publish = async (random: RandomServer): Promise<RandomServer> => {
    const now: RandomGateway[] = [];
    for (const [at, { slug, items }] of gateways.entries()) {
      const { state, use } = random.gateways[at]!;
      now.push({ slug, items, trustHints: true, mappings: [{ header: 'Authorization' }], state: await bring(slug, state), use }); // prettier-ignore
    }
    // An open virtual server is refused a kept credential, and grants nobody a role.
    const access = random.access === 'open' ? 'open' : 'key';
    const uses = now.flatMap(({ slug: gateway, use }) => (use && access === 'key' ? [{ gateway, use }] : []));
    const change = { access, grants: random.grants ?? null, credentials: uses };
    await lethe.admin.ask('PATCH', '/servers/random', change, WAIT);
    return { access, grants: random.grants, gateways: now.map((each) => ({ ...each, use: access === 'key' ? each.use : undefined })) }; // prettier-ignore
  };

  /** Whose credential arrived, or the code of the refusal if no request did. */
  const outcomeOf = ({ body }: Answer, sent: (string | undefined)[]): Outcome => {
    const meta = (body.result as { _meta?: Record<string, { reason: string }> } | undefined)?._meta?.['lethe/error'];
    const given: unknown = body.error?.data?.['reason'] ?? meta?.reason;
    const reason = typeof given === 'string' ? given : '';
    const kinds = new Set(sent.map((header) => (header === undefined ? 'NONE' : header.includes(KEPT) ? 'KEPT' : header.includes(OWN) ? 'OWN' : header))); // prettier-ignore
    if (kinds.size > 0) return [...kinds].join('+');
    return reason === 'resource_unknown' ? 'item_unknown' : reason;
  };

  const send = async (
    key: string | undefined,
    gateway: RandomGateway,
    one: RandomItem,
    isSent: boolean,
    isModern: boolean,
  ) => {
    // prettier-ignore
    const before = new Map([...upstreams].map(([slug, { received }]) => [slug, received.length]));
    const headers = {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(isSent && { [`x-upstream-${gateway.slug}-authorization`]: `Bearer ${OWN}` }),
    };
    const [method, params] = USES[one.kind](one.own);
    const answer = await (isModern ? modern : legacy)(`${lethe.proxyUrl}/servers/random/mcp`, method, params, headers);
    const asked = [...upstreams].filter(([slug, { received }]) => received.length > before.get(slug)!);
    expect(asked.length).toBeLessThan(2);
    const [[slug, upstream] = [gateway.slug, upstreams.get(gateway.slug)!]] = asked;
    const sent = upstream.received.slice(before.get(slug)).map((received) => received.headers.authorization);
    return { slug, found: outcomeOf(answer, sent) };
  };

  it(`is the same by the rule, by explanations, and at the upstream (seed ${SEED})`, { timeout: 300_000 }, async () => {
    verifies('kept.granted-only');
    verifies('kept.explained');
    const drawn = fc.sample(fc.tuple(randomServer, fc.array(fc.tuple(fc.nat(7), fc.nat(1), fc.nat(5), fc.boolean(), fc.boolean()), { minLength: CALLS, maxLength: CALLS })), { numRuns: SERVERS, seed: SEED }); // prettier-ignore
    const seen = new Map<Outcome, number>();
    for (const [random, calls] of drawn) {
      const server = await publish(random);
      for (const [who, at, which, isSent, isModern] of calls) {
        const [caller, gateway] = [keys[who]!, server.gateways[at]!];
        const [roles, one] = [server.access === 'open' ? [] : caller.roles, gateway.items[which]!];
        const rule = new Rule(server, roles);
        const isAllowed = rule.allows(gateway, one);
        const { slug, found } = await send(server.access === 'open' ? undefined : caller.key, gateway, one, isSent, isModern); // prettier-ignore
        const about = { server, roles, one, isSent, isModern };
        if (!isAllowed && one.kind.startsWith('resource')) {
          // What is denied does not exist, and a URI that is in no list may be one of another gateway.
          const reached = server.gateways.find((each) => each.slug === slug)!;
          const isGranted = rule.grantsKept(reached, { ...one, kind: 'resource' });
          expect({ ...about, isRight: found !== 'KEPT' || isGranted }).toEqual({ ...about, isRight: true });
          continue;
        }
        const wanted = isAllowed ? rule.outcome(gateway, rule.grantsKept(gateway, one), isSent) : 'item_unknown';
        expect({ ...about, found, slug }).toEqual({ ...about, found: wanted, slug: gateway.slug });
        const named = one.kind === 'tool' || one.kind === 'prompt' ? { name: one.own } : { uri: one.own };
        const { kept, reasons } = await lethe.admin.ask<ExplanationView & object>('POST', '/servers/random/explain', { kind: one.kind, ...named, ...(server.access === 'key' && { key: caller.id }) }); // prettier-ignore
        const own = rule.outcome({ ...gateway, use: undefined }, false, isSent);
        expect({ ...about, told: toldBy({ kept, reason: reasons[0]?.code }, own, isSent) }).toEqual({ ...about, told: wanted }); // prettier-ignore
        seen.set(wanted, (seen.get(wanted) ?? 0) + 1);
      }
    }
    const outcomes = ['KEPT', 'OWN', 'NONE', 'item_unknown', 'kept_credential_only', 'kept_not_granted', 'gateway_unavailable']; // prettier-ignore
    expect(outcomes.filter((outcome) => (seen.get(outcome) ?? 0) < 4)).toEqual([]);
  });
});
