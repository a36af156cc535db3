import type { EraFacts, JsonObject } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../support/published-routes.js';
import { specifiedDefinitions } from '../support/specification.js';
import { legacyScript, type UpstreamScript } from '../support/upstreams/index.js';

const CLIENTS = [
  ['legacy', connectLegacy],
  ['modern', connectModern],
] as const;

const ICON = { src: 'https://up.example/i.png', mimeType: 'image/png', sizes: ['48x48'] };

describeProxies('what upstreams say about themselves', 1, ({ publish, serve, serveOne, startUpstream }) => {
  const gateway = (slug: string, facts: GatewayDraft['facts'], more: Partial<GatewayDraft> = {}): GatewayDraft => ({
    ...{ slug, name: `Name of ${slug}`, url: 'http://127.0.0.1:9/mcp', items: [tool(slug)] },
    facts: { ...MODERN_FACTS, ...facts },
    ...more,
  });
  const otherEra = (facts: Partial<EraFacts>): EraFacts => ({
    ...{ era: 'legacy', protocolVersion: '2025-11-25', sessionful: false, listScope: 'unknown' },
    ...{ serverInfo: {}, capabilities: {} },
    ...facts,
  });

  describe.each(CLIENTS)('reaches %s clients', (_era, connect) => {
    const instructionsAt = async (server: Parameters<typeof publish>[0]) => {
      const client = await connect((await publish(server)).url, {});
      const instructions = client.getInstructions();
      await client.close();
      return instructions;
    };

    it('as it is, if there is one upstream', async () => {
      verifies('instructions.passed');
      const instructions = '  Search first.\n\n# Then read\n\nAnd cite.  ';
      expect(await instructionsAt({ gateways: [gateway('one', { instructions })] })).toBe(instructions);
    });

    it('under the name of each gateway that has any and is served', async () => {
      verifies('instructions.passed');
      const gateways = [
        gateway('a', { instructions: 'Of a.' }),
        gateway('silent', {}),
        gateway('off', { instructions: 'Of one that is off.' }, { enabled: false }),
        gateway('live', { instructions: 'Found with another credential.' }, { listing: 'live' }),
        gateway('b', { instructions: 'Of b.' }),
      ];
      expect(await instructionsAt({ gateways })).toBe('# Name of a\n\nOf a.\n\n# Name of b\n\nOf b.');
    });

    it('never, if the virtual server has instructions of its own, or wants none', async () => {
      verifies('instructions.passed');
      const gateways = [gateway('a', { instructions: 'Of a.' })];
      expect(await instructionsAt({ gateways, instructions: 'Mine.' })).toBe('Mine.');
      expect(await instructionsAt({ gateways, instructions: '' })).toBeUndefined();
    });

    it('bounded, also by a manifest from before', async () => {
      verifies('instructions.passed');
      const long = 'A paragraph of a long text.\n\n'.repeat(500);
      const gateways = ['a', 'b', 'c'].map((slug) => gateway(slug, { instructions: slug === 'b' ? 'Short.' : long }));
      const instructions = (await instructionsAt({ gateways })) ?? '';
      expect(instructions.length).toBeGreaterThan(15_000);
      expect(instructions.length).toBeLessThan(16 * 1024 + 200);
      expect(instructions).toContain('\n\n# Name of b\n\nShort.\n\n# Name of c\n\nA paragraph');
      expect(instructions.match(/left out/g)).toHaveLength(2);
    });
  });

  it('is that of the era in which the client is served', async () => {
    verifies('instructions.passed');
    const other = otherEra({ instructions: 'In legacy.', serverInfo: { name: 'x', title: 'Legacy title' } });
    const serverInfo = { name: 'x', title: 'Modern title' };
    const facts = { instructions: 'In modern.', serverInfo, otherEra: other };
    const { url } = await publish({ gateways: [gateway('dual', facts)] });
    const told = await Promise.all(
      CLIENTS.map(async ([, connect]) => {
        const client = await connect(url, {});
        const found = [client.getInstructions(), client.getServerVersion()?.title];
        await client.close();
        return found;
      }),
    );
    expect(told).toEqual([
      ['In legacy.', 'Legacy title'],
      ['In modern.', 'Modern title'],
    ]);
  });

  describe.each(CLIENTS)('is an identity for %s clients', (_era, connect) => {
    const identityAt = async (...infos: JsonObject[]) => {
      const gateways = infos.map((serverInfo, at) => gateway(`g${at}`, { serverInfo }));
      const client = await connect((await publish({ name: 'Our tools', gateways })).url, {});
      const identity = client.getServerVersion();
      await client.close();
      return identity;
    };
    const upstream = {
      name: 'up',
      version: '9',
      title: 'Up',
      description: 'Does it.',
      websiteUrl: 'https://up.example/',
    };

    it('that shows what the only upstream says of itself, under Lethe’s own name and version', async () => {
      verifies('identity.passed');
      expect(await identityAt({ ...upstream, icons: [ICON], unknown: 1 })).toEqual({
        ...upstream,
        name: expect.stringMatching(/^s\d+$/),
        version: expect.stringMatching(/^\d+$/),
        icons: [ICON],
      });
    });

    it('without what is not valid: it would cost the client the whole connection', async () => {
      verifies('identity.passed');
      const icons: JsonObject[] = [
        { src: 'javascript:alert(1)' },
        { src: 'https://a.example/', sizes: '48x48' },
        { src: 1 },
        { src: 'data:image/png;base64,AAAA', theme: 'blue' },
      ];
      const wrong = { title: 1, description: {}, websiteUrl: 'javascript:alert(1)' };
      const identity = await identityAt({ ...wrong, icons });
      expect(Object.keys(identity ?? {}).toSorted()).toEqual(['name', 'title', 'version']);
      expect(await identityAt({ ...wrong, icons: 'no list' })).toMatchObject({ title: 'Our tools' });
    });

    it('of its own, if there are several upstreams', async () => {
      verifies('identity.passed');
      const identity = await identityAt({ ...upstream, icons: [ICON] }, upstream);
      expect(identity).toEqual({ name: identity?.name, version: identity?.version, title: 'Our tools' });
    });
  });

  it('is legal in every legacy revision: each allows members that it does not name', () => {
    const definitions = specifiedDefinitions('legacy', 'Implementation');
    expect(definitions.length).toBeGreaterThanOrEqual(3);
    for (const { additionalProperties } of definitions) expect(additionalProperties).not.toBe(false);
  });

  describe('when a session lacks a gateway', () => {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    const told = async (url: string, headers: Record<string, string> = {}) =>
      (await legacy(url, 'initialize', params, headers)).body.result.instructions;
    const locked = legacyScript({
      sessionId: 's-1',
      answers: {
        initialize: ({ response }) => void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end(),
      },
    });

    it('names the header that was not sent, whether or not its mapping is required', async () => {
      verifies('session.lack-is-explained');
      for (const required of [true, false]) {
        const { url } = await serveOne(locked, {
          name: 'The locked one',
          facts: { sessionful: true },
          mappings: [{ header: 'X-Api-Key', required }],
        });
        const text = await told(url);
        expect(text).toContain('- No credential was sent for "The locked one" (up): ');
        expect(text).toContain('X-Upstream-up-X-Api-Key');
        expect(text).toContain('Do not ask for a credential itself.');
      }
    });

    it('says that a credential was rejected, and not which', async () => {
      verifies('session.lack-is-explained');
      const { url } = await serveOne(locked, { facts: { sessionful: true } });
      const text = await told(url, { 'x-upstream-up-authorization': 'Bearer CANARY' });
      expect(text).toContain(
        '- The upstream of "up" rejected the credential in the header X-Upstream-up-Authorization.',
      );
      expect(text).not.toContain('CANARY');
    });

    it('says that no header is mapped for a credential', async () => {
      verifies('session.lack-is-explained');
      const { url } = await serveOne(locked, { facts: { sessionful: true }, mappings: [] });
      expect(await told(url)).toMatch(
        /- The upstream of "up" requires a credential, but this gateway takes none from callers: .* add a mapping for it\.$/,
      );
    });

    it('says what else is wrong, after the instructions of the upstreams', async () => {
      verifies('session.lack-is-explained');
      const members = [
        await startUpstream(legacyScript({})),
        await startUpstream(({ response }) => void response.writeHead(500).end()),
        await startUpstream(({ request }) => void request.socket.destroy()),
      ];
      const { url } = await serve(members, {}, { facts: { sessionful: true, instructions: 'Be kind.' } });
      const instructions = ['g0', 'g1', 'g2'].map((slug) => `# ${slug}\n\nBe kind.`);
      const notice = [
        'Not reached when this session began:',
        '- The upstream of "g0" opened no session.',
        '- The upstream of "g1" reports an internal error.',
        '- The upstream of "g2" closed the connection.',
      ];
      expect(await told(url)).toBe([...instructions, notice.join('\n')].join('\n\n'));
    });

    it('names the header that was not sent where an upstream rejects the request with another status', async () => {
      verifies('session.lack-is-explained');
      const script: UpstreamScript = ({ response }) => void response.writeHead(400).end();
      const { url } = await serveOne(script, { facts: { sessionful: true } });
      const rejected = 'The upstream of "up" rejected the request without an explanation';
      expect(await told(url)).toContain(
        `- ${rejected}; no credential was sent for it in the header X-Upstream-up-Authorization.\nAsk the user`,
      );
      expect(await told(url, { 'x-upstream-up-authorization': 'Bearer x' })).toMatch(new RegExp(`- ${rejected}\\.$`));
    });
  });
});
