import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';
import { PromisesReporter } from './test/support/promises-reporter.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const shared = {
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: {
    alias: [
      { find: /^@lethe\/([^/]+)$/, replacement: `${root}libs/$1/src/index.ts` },
      { find: /^@test\/(.+)\.js$/, replacement: `${root}test/$1.ts` },
    ],
  },
};

/** Measures: nothing else may run beside it. */
const GUARD = 'test/bench/guard.spec.ts';

export default defineConfig({
  test: {
    // Most tests wait for sockets and processes: a worker for each core, none kept free.
    maxWorkers: '100%',
    reporters: ['default', new PromisesReporter()],
    globalSetup: ['test/support/services/global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      // Their files share a worker: to start one costs more than most of them take. A test of 5 s is slow, not stuck.
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['apps/**/*.spec.{ts,tsx}', 'libs/**/*.spec.ts', 'test/bench/**/*.spec.ts'],
          exclude: [GUARD],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'architecture',
          include: ['test/architecture/**/*.spec.ts'],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.spec.ts'],
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          // After all of the above: each starts processes of its own.
          name: 'e2e',
          include: ['test/{e2e,chaos}/**/*.spec.ts'],
          globalSetup: ['test/support/build-once.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...shared,
        test: {
          // Beside the processes above: each starts a browser and an embedded Lethe.
          name: 'console',
          include: ['test/console/**/*.spec.ts'],
          globalSetup: ['test/support/build-once.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // What a page shows follows what it was told a moment later.
          expect: { poll: { timeout: 15_000 } },
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...shared,
        test: {
          // Alone, at the end: it measures how soon a process ends.
          name: 'leak',
          include: ['test/leak/**/*.spec.ts'],
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
          // A proxy that ends waits for the calls of legacy clients that left, up to its limit.
          hookTimeout: 60_000,
          include: [GUARD],
          globalSetup: ['test/support/build-once.ts'],
        },
      },
      {
        ...shared,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.spec.ts'],
          globalSetup: ['test/support/build-once.ts'],
          testTimeout: 60_000,
          hookTimeout: 200_000,
        },
      },
    ],
  },
});
