import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codes, errorsPage } from '../support/errors-page.js';
import { verifies } from '../requirements.js';

const PAGE = fileURLToPath(new URL('../../docs/operations/errors.md', import.meta.url));

describe('the page of errors', () => {
  it('has each code once', async () => {
    verifies('errors.listed');
    const text = await errorsPage();
    expect(codes().filter((code) => text.split(`\n### ${code}\n`).length !== 2)).toEqual([]);
  });

  it('is the table in the docs', async () => {
    await expect(await errorsPage()).toMatchFileSnapshot(PAGE);
  });
});
