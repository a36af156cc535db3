import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedBy } from '../support/calls.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { configureInspector, type Inspector } from '../support/inspector.js';
import { startEverythingUpstream, startModernUpstream, type Upstream } from '../support/upstreams/index.js';

const token = `tok_${randomBytes(24).toString('base64url')}`;

// Commands and options as docs/operations/clients.md gives them.
const ERAS = [
  {
    era: 'legacy',
    start: () => startEverythingUpstream({ token }),
    version: '2025-11-25',
    tool: ['--tool-name', 'echo', '--tool-arg', 'message=over the river'],
    resource: ['--uri', 'demo://resource/static/document/architecture.md'],
    prompt: ['--prompt-name', 'simple-prompt'],
  },
  {
    era: 'modern',
    start: () => startModernUpstream({ token, name: 'modern' }),
    version: '2026-07-28',
    tool: ['--tool-name', 'echo', '--tool-arg', 'text=over the river'],
    resource: ['--uri', 'modern://note'],
    prompt: ['--prompt-name', 'greet', '--prompt-args', 'who=you'],
  },
] as const;

describe('MCP Inspector', () => {
  let lethe: Embedded;
  let key: string;

  beforeAll(async () => {
    lethe = await startEmbedded();
    key = await lethe.admin.callerKey();
  });
  afterAll(() => lethe?.stop());

  describe.each(ERAS)('in the $era era', ({ era, start, version, tool, resource, prompt }) => {
    let upstream: Upstream;
    let inspector: Inspector;

    beforeAll(async () => {
      upstream = await start();
      await lethe.admin.register({ name: era, url: upstream.url }, token);
      await lethe.admin.ask('POST', '/servers', { name: era, include: [{ gateway: era }] });
      await servedBy(lethe.proxyUrl, era, key);
      inspector = await configureInspector(`${lethe.proxyUrl}/servers/${era}/mcp`, era, {
        Authorization: `Bearer ${key}`,
        'X-Upstream-Authorization': `Bearer ${token}`,
      });
    });
    afterAll(async () => {
      await Promise.allSettled([upstream?.close(), inspector?.close()]);
    });

    it('agrees on the version', async () => {
      expect(await inspector.run('initialize')).toMatchObject({ protocolVersion: version });
    });

    it('lists tools, resources, templates and prompts', async () => {
      const lists = {
        tools: 'tools',
        resources: 'resources',
        'resources/templates': 'resourceTemplates',
        prompts: 'prompts',
      };
      const answers = Object.entries(lists).map(
        async ([list, member]) => (await inspector.run(`${list}/list`))[member],
      );
      for (const items of await Promise.all(answers)) expect(items).toContainEqual(expect.anything());
    });

    it('calls a tool', async () => {
      expect(JSON.stringify(await inspector.run('tools/call', ...tool))).toContain('over the river');
    });

    it('reads a resource', async () => {
      expect(await inspector.run('resources/read', ...resource)).toMatchObject({ contents: [{ uri: resource[1] }] });
    });

    it('gets a prompt', async () => {
      expect(await inspector.run('prompts/get', ...prompt)).toMatchObject({ messages: [{ role: 'user' }] });
    });
  });
});
