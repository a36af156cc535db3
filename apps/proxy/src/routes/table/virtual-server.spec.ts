import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';

describe('VirtualServer', () => {
  it('finds the owner of a URI that no list names by its template', () => {
    const server = serverRoutes([
      { slug: 'a', mappings: [], items: [['resourceTemplate', 'note://{id}']] },
      { slug: 'b', mappings: [], items: [['resourceTemplate', 'file:///{+path}']] },
    ]);
    expect(server.resolve('resource', 'note://1').gateway.slug).toBe('a');
    expect(server.resolve('resource', 'file:///a/b').gateway.slug).toBe('b');
    expect(() => server.resolve('resource', 'other://1')).toThrow();
  });

  it('uses the only gateway with resources for any URI', () => {
    const items: [['resourceTemplate', string]] = [['resourceTemplate', 'note://{id}']];
    const server = serverRoutes([
      { slug: 'a', mappings: [], items },
      { slug: 'b', mappings: [] },
    ]);
    expect(server.resolve('resource', 'other://1').gateway.slug).toBe('a');
  });

  it('takes a bounded time whatever templates an upstream lists, and finds those of others behind them', () => {
    const dear = `x://${'{+a}a'.repeat(15)}b{+b}a`;
    const items = Array.from({ length: 4_000 }, (_, n): ['resourceTemplate', string] => [
      'resourceTemplate',
      dear.replace('b', `b${n}`),
    ]);
    const server = serverRoutes([
      { slug: 'evil', mappings: [], items },
      { slug: 'good', mappings: [], items: [['resourceTemplate', 'x://{+any}']] },
    ]);
    const uri = `x://${'a'.repeat(2_000)}`;
    expect([...server.items.resourceTemplate.values()]).toHaveLength(4_001);
    const startedAt = performance.now();
    expect(server.resolve('resource', uri).gateway.slug).toBe('good');
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
