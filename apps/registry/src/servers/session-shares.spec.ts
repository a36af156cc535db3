import type { UpstreamFacts } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { sessionShareOf } from './session-shares.js';

const era = { serverInfo: {}, capabilities: {}, listScope: 'unknown' } as const;
const legacy = { ...era, era: 'legacy', protocolVersion: '2025-11-25', sessionful: true, sessionIdBytes: 36 } as const;
const modern = { ...era, era: 'modern', protocolVersion: '2026-07-28', sessionful: false } as const;
const transport = 'streamable-http';

describe('the share of a session token', () => {
  it.each<[string, UpstreamFacts, number | undefined]>([
    ['a legacy upstream', { ...legacy, transport }, 36],
    ['one of both eras', { ...modern, transport, otherEra: legacy }, 36],
    ['a modern one', { ...modern, transport }, undefined],
    ['one that keeps no sessions', { ...legacy, sessionful: false, transport }, undefined],
  ])('of %s is that of its legacy sessions', (_whose, facts, idBytes) => {
    expect(sessionShareOf('g', facts)).toEqual(idBytes === undefined ? undefined : { slug: 'g', idBytes });
  });
});
