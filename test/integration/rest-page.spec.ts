import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsPage } from '../support/pages/page.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { verifies } from '../requirements.js';

/** A request of the page, and what it says of the answer. */
interface Example {
  request: string;
  status: number;
  answer: string;
}

const EXAMPLE = /^```http\n(.*?)^```\n\n```json (\d+)\n(.*?)^```/gms;

function examples(): Example[] {
  const page = operationsPage('rest');
  const found = [...page.matchAll(EXAMPLE)].map(([, request = '', status, answer = '']) => ({
    request,
    status: Number(status),
    answer,
  }));
  expect(found).toHaveLength(page.split('```http\n').length - 1);
  return found;
}

describe('rest.md', () => {
  let harness: RegistryHarness;
  /** What earlier answers have put in the place of `{name}`. */
  const known = new Map<string, string>();
  beforeAll(async () => (harness = await RegistryHarness.start('embedded')));
  afterAll(() => harness?.stop());

  /** The gateways that are there already when the page begins. */
  async function prepare(): Promise<void> {
    const at = (slug: string) => ({ slug, name: slug, url: `https://mcp.example.com/${slug}` });
    const wiki = await harness.admin.createGateway({ ...at('wiki'), drift: 'review' });
    await harness.verified(wiki.id, []);
    known.set('waiting', (await harness.verified(wiki.id, [tool('find_page')])).id);
    const jira = await harness.admin.createGateway(at('jira'));
    await harness.verified(
      jira.id,
      ['find', 'create_issue', 'delete_issue'].map((name) => tool(name)),
    );
    known.set('jira', jira.id);
    await harness.admin.ask('PATCH', '/gateways/jira', { description: 'Tickets' });
  }

  const filled = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (all, name: string) => known.get(name) ?? all);

  function send(text: string) {
    const [head = '', body = ''] = filled(text).split('\n\n');
    const [first = '', ...lines] = head.trim().split('\n');
    const [method = '', path = ''] = first.split(' ');
    const headers = Object.fromEntries(lines.map((line) => line.split(': ', 2)));
    const parsed: unknown = body.trim() === '' ? undefined : JSON.parse(body);
    return harness.admin.request<unknown>(method, path.replace('/v1', ''), parsed, headers);
  }

  /** Takes the place of a `{name}` that is not known yet. */
  function remember(wanted: unknown, found: unknown): unknown {
    if (typeof wanted === 'string') {
      const name = /^\{(\w+)\}$/.exec(wanted)?.[1];
      if (name !== undefined && typeof found === 'string') known.set(name, found);
      return filled(wanted);
    }
    if (typeof wanted !== 'object' || wanted === null) return wanted;
    const member = (name: string): unknown =>
      typeof found === 'object' && found !== null ? Reflect.get(found, name) : 0;
    const entries = Object.entries(wanted).map(([name, value]: [string, unknown]) => [
      name,
      remember(value, member(name)),
    ]);
    return Array.isArray(wanted) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
  }

  it('says what each of its requests is answered with', async () => {
    verifies('registry.document');
    await prepare();
    for (const { request, status, answer } of examples()) {
      const found = await send(request);
      expect([request, found.status, found.body]).toMatchObject([request, status, found.body]);
      const wanted: unknown = answer.trim() === '' ? undefined : JSON.parse(answer);
      if (wanted === undefined) expect(found.body).toBeUndefined();
      else expect(found.body).toMatchObject(Object(remember(wanted, found.body)));
    }
  });
});
