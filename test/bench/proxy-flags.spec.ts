import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/processes.js';
import { PROXY_FLAGS } from './proxy-flags.js';

describe('the flags that are measured', () => {
  it('are those that services start with', async () => {
    const text = async (name: string) => readFile(join(ROOT, name), 'utf8');
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(await text('package.json'));
    const flags = PROXY_FLAGS.join(' ');
    for (const name of ['start', 'start:proxy'])
      expect(scripts[name]).toMatch(new RegExp(`&& exec node ${flags} dist/`));
    expect(await text('Dockerfile')).toContain('CMD ["/bin/sh", "deploy/image/start.sh"]');
    expect(await text('deploy/image/start.sh')).toContain(`exec node --disable-sigusr1 ${flags} deploy/`);
  });
});
