import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { isDatabaseAvailable } from '../support/database.js';
import { largeDocument } from '../support/registry/large-document.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { exported, imported, type Plan, served, writtenBy } from '../support/registry/transfer.js';

/** `npm run lab:transfer` has the size of a large company. */
const IS_LARGE = process.env['TRANSFER_SIZE'] === 'large';
const SIZE = IS_LARGE
  ? { gateways: 200, toolsPerGateway: 25, servers: 300, gatewaysPerServer: 5 }
  : { gateways: 10, toolsPerGateway: 25, servers: 15, gatewaysPerServer: 5 };
const MIB = 1024 * 1024;

describe.skipIf(!isDatabaseAvailable('postgres'))('a document of many gateways and virtual servers', () => {
  let source: RegistryHarness;
  let target: RegistryHarness;
  beforeAll(async () => {
    source = await RegistryHarness.start('postgres');
    target = await RegistryHarness.start('postgres', {}, source.trust);
  });
  afterAll(async () => {
    await source?.stop();
    await target?.stop();
  });

  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const [begun, cpu] = [performance.now(), process.cpuUsage()];
    const result = await work();
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    if (IS_LARGE) console.log(`${what}: ${seconds(performance.now() - begun)} s, of this process ${seconds((user + system) / 1000)} s of CPU; ${Math.round(process.memoryUsage().rss / MIB)} MiB`); // prettier-ignore
    return result;
  };
  const countsOf = ({ status, body }: { status: number; body: Plan }) => ({ status, ...body.counts });

  it(
    'is imported into an empty registry, which serves the same; again it changes nothing',
    { timeout: 900_000 },
    async () => {
      verifies('transfer.round-trip');
      verifies('transfer.idempotent');
      const objects = SIZE.gateways + SIZE.servers;
      const none = { status: 200, create: 0, change: 0, delete: 0, unchanged: 0, problems: 0 };
      expect(countsOf(await imported(source, await largeDocument(SIZE, source.trust)))).toEqual({
        ...none,
        create: objects,
      });
      const text = await timed('export', () => exported(source, '?catalogue=true'));
      if (IS_LARGE) console.log(`${(text.length / MIB).toFixed(1)} MiB of YAML`);
      const made = await timed('import into an empty registry', () => imported(target, text));
      expect(countsOf(made)).toEqual({ ...none, create: objects });
      expect(await exported(target, '?catalogue=true')).toBe(text);
      for (let n = 0; n < SIZE.servers; n += 1) {
        const slug = `server-${String(n).padStart(4, '0')}`;
        expect(await served(target, slug)).toEqual(await served(source, slug));
      }
      const before = await writtenBy(target);
      const again = await timed('import again', () => imported(target, text));
      expect(countsOf(again)).toEqual({ ...none, unchanged: objects });
      const dry = await timed('dry run', () => imported(target, text, '?dryRun=true'));
      expect(countsOf(dry)).toEqual({ ...none, unchanged: objects });
      expect(await writtenBy(target)).toEqual(before);
    },
  );
});
