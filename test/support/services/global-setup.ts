import type { TestProject } from 'vitest/node';
import { startServices } from './start-services.js';

const NEEDED_BY = ['integration', 'e2e', 'console', 'leak'];

/** Starts the services once for all projects of the run. What is missing is said at its end, and fails it in CI. */
export async function setup({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const names = vitest.projects.map(({ name }) => name);
  if (!names.some((name) => NEEDED_BY.includes(name))) return undefined;
  const { missing, stop } = await startServices({ withBrowser: names.includes('console') });
  const lines = missing.map(({ service, why }) => `skipped what needs ${service}: ${why}`);
  if (missing.length > 0 && process.env['CI'] === 'true') {
    await stop();
    throw new Error(lines.join('\n'));
  }
  return async () => {
    await stop();
    for (const line of lines) console.warn(line);
  };
}
