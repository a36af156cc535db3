import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/processes.js';
import { PROXY_FLAGS } from './proxy-flags.js';

/** So that glibc gives back large buffers when they are freed (docs/adr/0026-first-database-and-order-of-start.md). */
const ENV = 'MALLOC_MMAP_THRESHOLD_=1048576';

describe('the flags that are measured', () => {
  it('are those that services start with', async () => {
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
