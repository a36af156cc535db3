import type { UpstreamFacts } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { publishedFacts } from './published-facts.js';

const FACTS: UpstreamFacts = {
  ...{ era: 'modern', protocolVersion: '2026-07-28', transport: 'streamable-http', sessionful: false },
  ...{ listScope: 'public', capabilities: { tools: {} } },
  serverInfo: { name: 'up', version: '1', title: 'Up' },
};

describe('facts in a manifest', () => {
  it('are whole while they are short, instructions of any length apart', () => {
    const facts = { ...FACTS, instructions: 'x'.repeat(50_000) };
    expect(publishedFacts(facts)).toEqual(facts);
  });

  it('lose icons first, then the server info, and capabilities last, in each era', () => {
    const long = 'x'.repeat(20_000);
    const icons = { ...FACTS, serverInfo: { ...FACTS.serverInfo, icons: [{ src: long }] } };
    expect(publishedFacts(icons)).toEqual(FACTS);
    const { transport: _transport, ...otherEra } = icons;
    const { transport: _same, ...shortened } = FACTS;
    expect(publishedFacts({ ...FACTS, otherEra })).toEqual({ ...FACTS, otherEra: shortened });
    expect(publishedFacts({ ...icons, serverInfo: { title: long } })).toEqual({ ...FACTS, serverInfo: {} });
    expect(publishedFacts({ ...icons, capabilities: { long } })).toMatchObject({ serverInfo: {}, capabilities: {} });
  });
});
