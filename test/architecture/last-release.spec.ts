import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/processes.js';
import { LAST_RELEASE } from '../support/upgrade/last-release.js';
import { changedPackages } from '../support/upgrade/release-build.js';

describe('the last release', () => {
  it('is not newer than this version, and its golden files are the only ones', () => {
    expect([LAST_RELEASE.version, VERSION].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))[0]).toBe(
      LAST_RELEASE.version,
    );
    expect(readdirSync(join(ROOT, 'test/contracts'))).toEqual([LAST_RELEASE.version]);
  });

  it('runs with the packages of this checkout only if they have the same versions', () => {
    const lock = (packages: object) => ({ packages: { '': {}, ...packages } });
    const [a1, a2, tool] = [{ version: '1.0.0' }, { version: '2.0.0' }, { version: '3.0.0', dev: true }];
    const released = lock({ 'node_modules/a': a1, 'node_modules/tool': tool });
    expect(changedPackages(released, lock({ 'node_modules/a': a1, 'node_modules/new': a1 }))).toEqual([]);
    expect(changedPackages(released, lock({ 'node_modules/a': a2 }))).toEqual(['a 1.0.0 (now 2.0.0)']);
    expect(changedPackages(released, lock({}))).toEqual(['a 1.0.0 (now gone)']);
  });
});
