import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REQUIREMENTS } from '../requirements.js';
import { promisesPage } from '../support/promises-page.js';
import { promiseGroups, proofs, provenIn } from '../support/promises.js';

const PAGE = fileURLToPath(new URL('../../docs/promises.md', import.meta.url));

describe('the promises', () => {
  const proven = proofs();

  for (const [id, promise] of Object.entries(REQUIREMENTS)) {
    it(`${id} is proven: ${promise}`, () => {
      expect(proven.has(id)).toBe(true);
    });
  }

  it('are not proven by a comment, a string, an expectation or a skipped test', () => {
    const spec = `// verifies('a')
      const s = "verifies('b')"; expect('c'); it.skip('x', () => { verifies('d'); });
      it('x', () => { verifies('e'); }); describeWholePath('title', 'f', start);`;
    expect(provenIn(spec)).toEqual(['e', 'title', 'f']);
  });

  it('are all on the page, each under a heading', () => {
    const groups = promiseGroups();
    expect(groups.flatMap(({ ids }) => ids)).toEqual(Object.keys(REQUIREMENTS));
    expect(groups.map(({ title }) => title)).toContain('Tampering');
  });

  it('are those in the docs', async () => {
    await expect(await promisesPage()).toMatchFileSnapshot(PAGE);
  });
});
