import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type Bridged, bundleLethe, startLegacy, startModern } from '../support/bridge/bridge-process.js';
import { Browser } from '../support/login/browser.js';
import { describeLogins } from '../support/login/describe-logins.js';

const CALL = { name: 'echo', arguments: { text: 'hi' } };

describeLogins('lethe bridge where a login is for too little', (suite) => {
  let program: string;
  beforeAll(async () => {
    program = await bundleLethe();
  });

  /** A client whose person opens each page that they are asked to open, or that can show them none. */
  const start = (era: 'legacy' | 'modern', asked?: string[], isAccepted = true) => {
    const from = { program, url: suite.server.url, env: { PATH: process.env.PATH, ...suite.env } };
    const answer = async ({ params }: { params: object }) => {
      if (!('url' in params) || !('message' in params)) return { action: 'cancel' as const };
      asked?.push(`${String(params.message)} ${new URL(String(params.url)).searchParams.get('scope')}`);
      if (!isAccepted) return { action: 'decline' as const };
      await new Browser().open(String(params.url));
      return { action: 'accept' as const };
    };
    if (!asked) return era === 'legacy' ? startLegacy(from) : startModern(from);
    if (era === 'legacy') return startLegacy(from, { elicitation: { url: {} } }, (client) => client.setRequestHandler(ElicitRequestSchema, answer));
    return startModern(from, 'modern', (client) => {
      client.registerCapabilities({ elicitation: { url: {} } });
      client.setRequestHandler('elicitation/create', answer);
    });
  }; // prettier-ignore
  const call = async ({ client }: Bridged<{ callTool(call: typeof CALL): Promise<unknown>; close(): Promise<void> }>) => {
    return JSON.stringify(await client.callTool(CALL));
  }; // prettier-ignore

  it.each(['legacy', 'modern'] as const)('asks the person to sign in for all scopes together, and calls again, once (%s)', async (era) => {
    verifies('bridge.step-up');
    await suite.login(['tracker']);
    const [upstream] = suite.upstreams;
    const asked: string[] = [];
    const bridged = await start(era, asked);
    try {
      upstream.needs = 'issues:write';
      expect(await call(bridged), bridged.log()).toContain('tracker: hi');
      const page = `The page is at ${suite.issuers[0].issuer}; the tokens stay on this machine. tools offline_access issues:write`;
      expect(asked).toEqual([`Sign in again for tracker, which asks for more: issues:write. ${page}`]);
      expect(await call(bridged)).toContain('tracker: hi');
      expect(asked).toHaveLength(1);
      // The authorization server does not give this: the person is asked, and what the upstream says then is the answer.
      upstream.needs = 'tools:none';
      const grants = suite.issuers[0].granted.length;
      expect(await call(bridged)).toMatch(/"httpStatus":403.*it wants the scope/);
      expect([asked.length, suite.issuers[0].granted.length - grants]).toEqual([2, 1]);
    } finally {
      await bridged.close();
    }
  }); // prettier-ignore

  it('does not ask for more than three times', async () => {
    verifies('bridge.step-up');
    await suite.login(['tracker']);
    const [upstream] = suite.upstreams;
    const asked: string[] = [];
    const bridged = await start('legacy', asked, false);
    try {
      upstream.needs = 'issues:write';
      for (const count of [1, 2, 3, 3]) {
        expect(await call(bridged)).toContain(`lethe login ${suite.server.url} tracker --scope \\"issues:write\\"`);
        expect(asked).toHaveLength(count);
      }
      expect(await call(bridged)).toContain('scopes_again');
    } finally {
      await bridged.close();
    }
  });

  it.each(['legacy', 'modern'] as const)('says what to run where the client shows no page, and then calls (%s)', async (era) => {
    verifies('bridge.step-up');
    await suite.login(['tracker']);
    const [upstream] = suite.upstreams;
    upstream.needs = 'issues:write';
    const bridged = await start(era);
    try {
      const seen = upstream.tokens.length;
      const told = await call(bridged);
      expect(told).toContain('The login for tracker is not for what this needs: issues:write.');
      expect(told).toContain(`lethe login ${suite.server.url} tracker --scope \\"issues:write\\"`);
      expect(upstream.tokens.length - seen).toBeLessThanOrEqual(2);
      expect((await suite.login(['tracker', '--scope', 'issues:write'])).code).toBe(0);
      expect(await call(bridged)).toContain('tracker: hi');
      // A scope that a shell could make something of is in no text: the error of Lethe is passed on.
      upstream.needs = '$(id)';
      expect(await call(bridged)).toContain('it wants another scope');
    } finally {
      await bridged.close();
    }
  }); // prettier-ignore
});
