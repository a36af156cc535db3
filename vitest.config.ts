import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { PromisesReporter } from './test/support/promises-reporter.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const shared = {
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { alias: [{ find: /^@lethe\/([^/]+)$/, replacement: `${root}libs/$1/src/index.ts` }] },
};

/** Measures: nothing else may run beside it. */
const GUARD = 'test/bench/guard.spec.ts';

export default defineConfig({
  test: {
    // Most tests wait for sockets and processes: a worker for each core, none kept free. `system` has one all the same.
    maxWorkers: '100%',
    reporters: ['default', new PromisesReporter()],
    globalSetup: ['test/support/services/global-setup.ts'],
    projects: [
      { ...shared, test: { name: 'unit', include: ['apps/**/*.spec.ts', 'libs/**/*.spec.ts'] } },
      { ...shared, test: { name: 'architecture', include: ['test/architecture/**/*.spec.ts'] } },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.spec.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'system',
          include: ['test/{e2e,leak,chaos,bench}/**/*.spec.ts'],
          exclude: [GUARD],
          reporters: ['default', new PromisesReporter()],
          globalSetup: ['test/support/build-once.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'guard',
          include: [GUARD],
          reporters: ['default', new PromisesReporter()],
          globalSetup: ['test/support/build-once.ts'],
        },
      },
      {
        ...shared,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.spec.ts'],
          reporters: ['default', new PromisesReporter()],
          globalSetup: ['test/support/build-once.ts'],
          testTimeout: 60_000,
          hookTimeout: 200_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
