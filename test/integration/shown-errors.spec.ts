import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { ScriptedClient } from '../support/scripted-clients/scripted-client.js';
import { type ShowingClient, SHOWING_CLIENTS } from '../support/scripted-clients/shown-failures.js';

const HEADER = 'X-Upstream-up-Authorization';
const NAMED = '"The tracker" (up)';
/** One virtual server for each way in which a header is missed; each era has an upstream of its own. */
const SERVERS = (['legacy', 'modern'] as const).flatMap((era) =>
  [true, false].flatMap((required) =>
    (['error', 'result'] as const).map((missingCredential) => ({
      slug: `${era}-${required ? 'required' : 'optional'}-${missingCredential}`,
      ...{ era, required, missingCredential },
    })),
  ),
);

describeProxies(
  'what clients show of an upstream that says 401',
  2,
  ({ proxies, keep, startUpstream, publish, publishKey }) => {
    let key: Record<string, string>;

    beforeAll(async () => {
      const locked = await startUpstream(
        ({ response }) => void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('{"error":"CANARY 401"}'),
      );
      for (const { slug, era, required, missingCredential } of SERVERS) {
        const facts = era === 'modern' ? MODERN_FACTS : { sessionful: true };
        const mappings = [{ header: 'Authorization', scheme: 'bearer' as const, required }];
        const gateway = { slug: 'up', name: 'The tracker', url: locked.url, items: [tool('echo')], facts, mappings };
        await publish({ slug, access: 'key', missingCredential, gateways: [gateway] });
      }
      key = { authorization: `Bearer ${await publishKey(SERVERS[0]?.slug ?? '')}` };
    });

    /** What a client shows after a call of the tool; `isError` if that was a result. */
    async function shownBy({ recorded, shows }: ShowingClient, slug: string, credentials: Record<string, string> = {}) {
      const url = `${proxies.url}/servers/${slug}/mcp`;
      const client = keep(new ScriptedClient(recorded, url, { ...key, ...credentials }, {}));
      const era = await client.connect();
      const answer = await client.call('echo');
      await client.close();
      return { era, text: shows(answer), isError: answer.result?.['isError'] };
    }

    it.each(SHOWING_CLIENTS)('$name names the header that it did not send, and the gateway', async (shown) => {
      verifies('clients.show-what-is-missing');
      for (const { slug, era, missingCredential } of SERVERS) {
        const { text, isError, ...seen } = await shownBy(shown, slug);
        const speaksModern = shown.recorded.begins === 'server/discover' && era === 'modern';
        expect(seen.era).toBe(speaksModern ? 'modern' : 'legacy');
        expect(text).toContain(`in the header ${HEADER}, as "Bearer <token>"`);
        expect(text.replaceAll('\\', '')).toContain(NAMED);
        expect(text).not.toMatch(/CANARY|mcporter auth/);
        // Without the data, which Codex and rmcp show, and which has the upstream's status.
        expect(text.split('({')[0]).not.toMatch(/[45]\d\d/);
        expect(isError).toBe(missingCredential === 'result' ? true : undefined);
      }
    });

    it.each(SHOWING_CLIENTS)('$name tells a rejected credential from one that was not sent', async (shown) => {
      verifies('clients.show-what-is-missing');
      for (const { slug } of SERVERS.filter(({ required }) => required)) {
        const { text } = await shownBy(shown, slug, { [HEADER.toLowerCase()]: 'Bearer SENT' });
        expect(text).toContain(`The upstream of ${NAMED} rejected the credential in the header ${HEADER}`);
        expect(text).not.toMatch(/CANARY|SENT|mcporter auth/);
      }
    });
  },
);
