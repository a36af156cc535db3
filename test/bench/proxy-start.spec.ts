import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/processes.js';
import { MMAP_THRESHOLD, PROXY_FLAGS } from './proxy-start.js';

const ENV = `MALLOC_MMAP_THRESHOLD_=${MMAP_THRESHOLD.MALLOC_MMAP_THRESHOLD_}`;

describe('the way to start that is measured', () => {
  it('is that of the services', async () => {
    const text = async (name: string) => readFile(join(ROOT, name), 'utf8');
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(await text('package.json'));
    const flags = PROXY_FLAGS.join(' ');
    for (const name of ['start', 'start:proxy'])
      expect(scripts[name]).toMatch(new RegExp(`&& exec env ${ENV} node ${flags} dist/`));
    expect(await text('Dockerfile')).toContain('CMD ["/bin/sh", "deploy/image/start.sh"]');
    for (const name of ['deploy/image/start.sh', 'scripts/gateway/lethe-gateway.sh'])
      expect(await text(name)).toContain(`export ${ENV}\n`);
    expect(await text('deploy/image/start.sh')).toContain(`exec node --disable-sigusr1 ${flags} deploy/`);
  });
});
