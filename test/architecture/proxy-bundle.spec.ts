import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/processes.js';
import { verifies } from '../requirements.js';

/** What registry and connector need and a proxy does not. */
const UNUSED = [
  '@nestjs',
  'rxjs',
  'reflect-metadata',
  '@mikro-orm',
  'pg',
  '@electric-sql',
  'class-transformer',
  'yaml',
];

/** Packages that others load only if they are configured. */
const NOT_INSTALLED = [
  ...['@fastify/multipart', '@fastify/view', '@grpc/*', '@nestjs/platform-express', '@nestjs/websockets*'],
  ...['amqp-connection-manager', 'amqplib', 'ioredis', 'kafkajs', 'mqtt'],
];

/** The packages that are in a bundle of an app. */
async function packagesOf(app: string): Promise<Set<string>> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'apps', app, 'src/main.ts')],
    tsconfig: join(ROOT, 'tsconfig.json'),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    outdir: 'none',
    logLevel: 'error',
    external: NOT_INSTALLED,
  });
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const used = files.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  return new Set(used.flatMap((file) => /node_modules\/(@[^/]+|[^/]+)/.exec(file)?.[1] ?? []));
}

describe('a bundle of the proxy', () => {
  it('has what the proxy uses, and nothing of frameworks and databases', async () => {
    verifies('proxy.light');
    const packages = await packagesOf('proxy');
    expect([...packages]).toEqual(expect.arrayContaining(['fastify', 'undici', '@nats-io']));
    expect(UNUSED.filter((name) => packages.has(name))).toEqual([]);
  });
});
