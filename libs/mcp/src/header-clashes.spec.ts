import { describe, expect, it } from 'vitest';
import { clashingSources } from './header-clashes.js';

const source = (slug: string, ...headers: string[]) => ({ slug, mappings: headers.map((header) => ({ header })) });
const clashing = (...sources: ReturnType<typeof source>[]) => clashingSources(sources).map(({ slug }) => slug);

describe('gateways of one virtual server', () => {
  it('may map the same header', () => {
    expect(clashing(source('a', 'Authorization'), source('b', 'authorization'), source('c', 'X-Key'))).toEqual([]);
  });

  it('clash where one exact name is that of another', () => {
    expect(clashing(source('a', 'B-Authorization'), source('a-b', 'authorization'))).toEqual(['a-b']);
    expect(clashing(source('a', 'X-Key', 'x-key'))).toEqual(['a']);
  });

  it('clash where an exact name is a short form, though nobody owns that', () => {
    expect(clashing(source('a', 'Authorization'), source('b', 'a-Authorization'))).toEqual(['b']);
    expect(clashing(source('b', 'a-Authorization'), source('a', 'Authorization'))).toEqual(['a']);
    expect(clashing(source('a', 'Key', 'a-Key'))).toEqual(['a']);
  });

  it('clash where the names of two gateways in a row look like the name of one', () => {
    expect(clashing(source('a', 'X-Upstream-b-Key'), source('a-x-upstream-b', 'Key'))).toEqual(['a-x-upstream-b']);
    expect(clashing(source('x-upstream', 'Key'), source('b', 'X-Upstream-Key', 'Key'))).toEqual([]);
  });

  it('leaves out the one that clashes, and no other because of it', () => {
    const sources = [source('a', 'Authorization'), source('b', 'a-Authorization', 'X-Key'), source('x', 'Key')];
    expect(clashing(...sources)).toEqual(['b']);
  });
});
