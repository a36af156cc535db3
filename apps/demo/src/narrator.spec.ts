import { describe, expect, it } from 'vitest';
import { Narrator, StepFailed } from './narrator.js';
import { receiptLines } from './receipt-lines.js';

describe('the narrator', () => {
  it('numbers the steps and prints what each found, after its title', async () => {
    const said: string[] = [];
    const narrator = new Narrator((line) => said.push(line));
    await narrator.step('First', (show) => show('a\nb'));
    expect(await narrator.step('Second', async () => 42)).toBe(42);
    expect(said).toEqual([
      expect.stringMatching(/^\n 1 {2}First \.+ 0\.\d s$/),
      '      a',
      '      b',
      expect.stringMatching(/^\n 2 {2}Second \.+ 0\.\d s$/),
    ]);
  });

  it('ends the story at a failed step, with the reason', async () => {
    const said: string[] = [];
    const failing = new Narrator((line) => said.push(line)).step('Third', (show) => {
      show('so far');
      throw new Error('the reason');
    });
    await expect(failing).rejects.toBeInstanceOf(StepFailed);
    expect(said).toEqual(['\n 1  Third ... FAILED', '      so far', '      the reason']);
  });
});

describe('a receipt for people', () => {
  it('says what was dialled, what was found and how the slot ended', () => {
    const claims = {
      order: { attempt: 1, configRevision: 2, url: 'http://127.0.0.1:1/mcp', slug: 'demo' },
      outcome: 'verified',
      origins: ['http://127.0.0.1:1'],
      requests: 6,
      counts: { tools: 2, resources: 1, resourceTemplates: 0, prompts: 1, skipped: 0 },
      digest: 'd1',
      slot: 's1',
      slotEnd: { how: 'exited', at: '2026-11-01T00:00:00.000Z' },
    };
    const jws = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
    const text = receiptLines(jws).join('\n');
    for (const part of ['verified', 'gateway demo', '6 requests', '2 tools', 'd1', 'exited']) {
      expect(text).toContain(part);
    }
  });
});
