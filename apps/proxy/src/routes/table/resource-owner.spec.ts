import { describe, expect, it } from 'vitest';
import { updateOwner } from './resource-owner.js';
import type { VirtualServer } from './virtual-server.js';

const OWNERS: Readonly<Record<string, string>> = { 'file:///a': 'files', 'note://x?': 'notes' };
const found = (uri: string) => {
  const slug = OWNERS[uri];
  return slug === undefined ? undefined : { gateway: { slug } };
};
const hides = (): boolean => false;
const server = { items: { resource: { get: found } }, resourceAt: found, hides } as unknown as VirtualServer;

describe('updateOwner', () => {
  it.each([
    ['file:///a', 'files'],
    ['file:///a/b/c?d#e', 'files'],
    ['note://x?y=1', 'notes'],
    ['file:///ab', undefined],
    ['file:///', undefined],
    ['', undefined],
    [`file:///a/${'x/'.repeat(40)}`, undefined],
    [`file:///a/${'x'.repeat(9_000)}`, undefined],
  ])('of %s is %s', (uri, owner) => {
    expect(updateOwner(server, uri)?.slug).toBe(owner);
  });
});
