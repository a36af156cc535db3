import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { verifies } from '../requirements.js';

interface Made extends Record<string, unknown> {
  id: string;
  key: string;
  type: string;
}

interface Server {
  id: string;
  items: object[];
  include: object[];
  shortForm: Record<string, string>;
  leftOut: object[];
  revision: number;
}

const url = 'http://127.0.0.1:9/mcp';

describe('the admin API over HTTP', () => {
  let harness: RegistryHarness;
  beforeAll(async () => (harness = await RegistryHarness.start('embedded')));
  afterAll(() => harness?.stop());

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    harness.admin.request<Made>(method, path, body, headers);
  const tagOf = async (path: string): Promise<string> => (await send('GET', path)).headers.get('etag') ?? '';
  const isNotModified = async (path: string, tag: string): Promise<boolean> => {
    const { status, body, headers } = await send('GET', path, undefined, { 'if-none-match': tag });
    if (status === 304) expect([body, headers.get('etag')]).toEqual([undefined, tag]);
    return status === 304;
  };

  it('answers 304 while a resource or a list is what the tag says, and not after a change or a verification', async () => {
    verifies('registry.conditional');
    const { id } = await harness.gateway();
    for (const path of [`/gateways/${id}`, '/gateways', '/connectors', '/keys', '/servers']) {
      const tag = await tagOf(path);
      expect([path, await isNotModified(path, tag)]).toEqual([path, true]);
      expect([path, await isNotModified(path, '"other"')]).toEqual([path, false]);
    }
    const [one, list] = [await tagOf(`/gateways/${id}`), await tagOf('/gateways')];
    await harness.verified(id, [tool('a')]);
    expect(await isNotModified(`/gateways/${id}`, one)).toBe(false);
    expect(await isNotModified('/gateways', list)).toBe(false);
    // A verification does not stand against a change.
    const changed = await send('PATCH', `/gateways/${id}`, { name: 'new' }, { 'if-match': one });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe(await tagOf(`/gateways/${id}`));
    expect((await send('PATCH', `/gateways/${id}`, { name: 'newer' }, { 'if-match': one })).status).toBe(412);
  });

  it('makes no new version of a change that changes nothing, and publishes nothing', async () => {
    verifies('registry.conditional');
    const { id, slug } = await harness.gateway({ tags: ['a'], description: 'd' });
    await harness.verified(id, [tool('a')]);
    const read = await harness.admin.ask<Record<string, unknown>>('GET', `/gateways/${id}`);
    const tag = await tagOf(`/gateways/${id}`);
    const { name, description, tags, listing, drift, enabled, transport, passthroughHeaders, tlsCa } = read;
    const same = { name, description, tags, listing, drift, enabled, transport, passthroughHeaders, tlsCa };
    for (const change of [{}, same, { ...same, url: read['url'] }]) {
      expect((await send('PATCH', `/gateways/${id}`, change)).headers.get('etag')).toBe(tag);
    }
    const server = await harness.admin.ask<Server>('POST', '/servers', { name: 's', include: [{ gateway: slug }] });
    const tagBefore = await tagOf(`/servers/${server.id}`);
    const { items, include, shortForm } = server;
    for (const change of [{}, { name: 's' }, { items, include, shortForm, access: 'key', description: null }]) {
      const { body, headers } = await send('PATCH', `/servers/${server.id}`, change);
      expect([headers.get('etag'), body['revision']]).toEqual([tagBefore, server.revision]);
    }
    expect((await send('PATCH', `/servers/${server.id}`, { enabled: false })).headers.get('etag')).not.toBe(tagBefore);
  });

  it('says where each thing is that it made', async () => {
    verifies('registry.document');
    const gateway = await send('POST', '/gateways', { name: 'Located', url });
    const verification = await send('POST', `/gateways/${gateway.body.id}/verifications`, {});
    const server = await send('POST', '/servers', { name: 'Located' });
    const key = await send('POST', '/keys', { name: 'Located', servers: '*' });
    for (const { status, body, headers } of [gateway, verification, server, key]) {
      expect(status).toBe(201);
      const path = headers.get('location')?.replace('/v1', '') ?? '';
      expect(await harness.admin.ask('GET', path)).toMatchObject({ id: body['id'] });
    }
  });

  it('answers a repeated request with the headers of the first answer, and stores only a digest of its key', async () => {
    verifies('registry.retries');
    const headers = { 'idempotency-key': 'lethe-canary-of-a-key' };
    const first = await send('POST', '/gateways', { name: 'Repeated', url }, headers);
    const again = await send('POST', '/gateways', { name: 'Repeated', url }, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    for (const name of ['etag', 'location']) expect(again.headers.get(name)).toBe(first.headers.get(name));
    expect(again.headers.get('etag')).toBe(await tagOf(`/gateways/${first.body.id}`));
    const { rows } = await harness.sql.query('select * from keyed_request');
    expect(JSON.stringify(rows)).not.toContain('canary');
    expect(JSON.stringify(rows)).toContain(createHash('sha256').update(headers['idempotency-key']).digest('hex'));
  });

  it('makes a key once for one Idempotency-Key, and never shows or stores it again', async () => {
    verifies('registry.retries');
    const headers = { 'idempotency-key': 'a-key-for-a-key' };
    const body = { name: 'Once', servers: '*' };
    const first = await send('POST', '/keys', body, headers);
    const again = await send('POST', '/keys', body, headers);
    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 409, body: { code: 'secret_shown_once', id: first.body['id'] } });
    const { items } = await harness.admin.ask<{ items: { name: string }[] }>('GET', '/keys');
    expect(items.filter(({ name }) => name === 'Once')).toHaveLength(1);
    const { rows } = await harness.sql.query('select * from keyed_request');
    expect(JSON.stringify(rows)).not.toContain(first.body.key);
  });

  it('applies a review once for one Idempotency-Key', async () => {
    verifies('registry.retries');
    const { id } = await harness.gateway({ drift: 'review' });
    await harness.verified(id, [tool('a')]);
    const { id: vid } = await harness.verified(id, [tool('b')]);
    const apply = () =>
      send('POST', `/gateways/${id}/verifications/${vid}/apply`, undefined, { 'idempotency-key': 'apply' });
    const [first, again] = [await apply(), await apply()];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    expect(await send('POST', `/gateways/${id}/verifications/${vid}/apply`)).toMatchObject({ status: 409 });
  });

  it('deletes a gateway that is in use only by force, and takes back what was read of its servers', async () => {
    verifies('registry.in-use');
    verifies('registry.conditional');
    const { id, slug } = await harness.gateway();
    await harness.verified(id, [tool('a')]);
    const include = [{ gateway: slug, names: ['*'] }];
    const items = [{ gateway: slug, kind: 'tool', name: 'a', as: 'b' }];
    const made = await harness.admin.ask<Server>('POST', '/servers', { name: 'Users', slug: 'users', include, items });
    expect(await send('DELETE', `/gateways/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'gateway_in_use', servers: ['users'] },
    });
    expect((await send('DELETE', `/gateways/${id}?force=false`)).status).toBe(409);
    expect((await send('DELETE', `/gateways/${id}?force=true`)).status).toBe(204);
    const read = await harness.admin.ask<Server>('GET', `/servers/${made.id}`);
    expect(read).toMatchObject({ include, items, leftOut: [{ gateway: slug, reason: 'gateway_deleted' }] });
    const { shortForm } = read;
    const back = await send('PATCH', `/servers/${made.id}`, { include, items, shortForm, name: 'Users of it' });
    expect(back).toMatchObject({ status: 200, body: { include, items, shortForm } });
    expect(await send('POST', '/servers', { name: 'x', include })).toMatchObject({ status: 400 });
  });

  it('undoes a deletion when the same URL is registered with the slug, and gives it to no other', async () => {
    verifies('registry.slug-once');
    const { id, slug } = await harness.gateway({ name: 'Undone', slug: 'undone', url: `${url}/undone` });
    await harness.verified(id, [tool('a')]);
    const include = [{ gateway: slug }];
    const server = await harness.admin.ask<Server>('POST', '/servers', { name: 'Waits', include });
    await harness.admin.ask('DELETE', `/gateways/${id}?force=true`);
    expect(await harness.admin.ask('GET', `/servers/${server.id}`)).toMatchObject({ exposed: [] });
    const other = await send('POST', '/gateways', { name: 'x', slug, url: `${url}/other` });
    expect(other).toMatchObject({ status: 409, body: { code: 'slug_taken' } });
    const same = await send('POST', '/gateways', { name: 'Undone', url: `${url}/undone`, tags: ['back'] });
    expect(same).toMatchObject({ status: 201, body: { id, slug, state: 'verified', tags: ['back'] } });
    expect(await harness.admin.ask('GET', `/servers/${server.id}`)).toMatchObject({
      exposed: [{ exposed: 'a' }],
      leftOut: [],
    });
    expect((await send('POST', '/gateways', { name: 'x', slug, url: `${url}/undone` })).status).toBe(409);
  });

  it('names what is wrong with the form of a request', async () => {
    verifies('registry.document');
    const errorsOf = async (body: unknown): Promise<unknown> => (await send('POST', '/gateways', body)).body['errors'];
    expect(await errorsOf([])).toEqual([{ field: '*', rule: 'object' }]);
    const { body } = await send('PATCH', `/gateways/${(await harness.gateway()).id}`);
    expect(body['errors']).toEqual([{ field: '*', rule: 'required' }]);
    expect(await errorsOf({ name: 'n'.repeat(121), url })).toEqual([{ field: 'name', rule: 'max_length', limit: 120 }]);
    expect(await errorsOf({ name: 'x', url, tagz: [] })).toMatchObject([
      { field: 'tagz', rule: 'unknown_field', nearest: 'tags' },
    ]);
    expect(await errorsOf({ name: 'x', url, drift: 'no' })).toEqual([
      { field: 'drift', rule: 'one_of', allowed: ['auto', 'review'] },
    ]);
    expect((await send('GET', '/gateways?limit=5000')).body['errors']).toEqual([
      { field: 'limit', rule: 'max', limit: 1_000 },
    ]);
    const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    expect(await errorsOf({ name: deep, url })).toEqual([{ field: '*', rule: 'max_depth', limit: 64 }]);
    const form = await send('POST', '/gateways', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  it('answers other methods with those that a path has, and describes each error where its type leads', async () => {
    verifies('registry.document');
    const put = await send('PUT', '/gateways');
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    expect((await send('PUT', '/nothing')).status).toBe(404);
    const page = await fetch(`${harness.url}${put.body.type}`);
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await page.text()).toMatch(/^method_not_allowed \(HTTP status 405, number 1205\)\n\n.*What to do: /s);
    expect((await fetch(`${harness.url}/problems/nothing`)).status).toBe(404);
  });
});
