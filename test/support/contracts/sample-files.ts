import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTrust } from '@lethe/sealing';
import { KnownFingerprints } from '../../../apps/cli/src/credential/known-fingerprints.js';
import { readHomeRuntime } from '../../../apps/cli/src/registry/home-runtime.js';
import { readCliSettings } from '../../../apps/cli/src/settings/cli-settings.config.js';
import { AT } from './sample-facts.js';
import { goldenTrust } from './golden-trust.js';

const REGISTRY = 'http://127.0.0.1:4400';
const FINGERPRINT = 'f'.repeat(43);

/** Files of a data directory and of the command, by their names. A `pids` or `pid` is that of the reader. */
export type FileSamples = Record<
  'runtime.json' | 'runtime-registry.json' | 'known-connectors.json' | 'trust.json',
  object
>;

/** The files as this version writes them. */
export function fileSamples(): FileSamples {
  const identities = (['registry', 'connector'] as const).flatMap((role) =>
    goldenTrust()
      .identities(role)
      .map(({ kid, jwk, state }) => ({ kid, role, jwk, state, createdAt: AT })),
  );
  return {
    'runtime.json': { registryUrl: REGISTRY, proxyUrl: 'http://127.0.0.1:4500', doorUrl: null, pids: [1] },
    'runtime-registry.json': { url: REGISTRY, pid: 1 },
    'known-connectors.json': { registries: { [REGISTRY]: [FINGERPRINT] } },
    'trust.json': { keys: identities },
  };
}

/** What this version reads in them. */
export async function readFiles(samples: FileSamples): Promise<unknown[]> {
  const home = await mkdtemp(join(tmpdir(), 'lethe-golden-'));
  const settings = readCliSettings({ LETHE_HOME: home }, home);
  const runtimeOf = async (name: 'runtime.json' | 'runtime-registry.json') => {
    const alive = { ...samples[name], ...('pids' in samples[name] ? { pids: [process.pid] } : { pid: process.pid }) };
    await writeFile(join(home, name), JSON.stringify(alive));
    const found = await readHomeRuntime(settings);
    await rm(join(home, name));
    return found?.registryUrl;
  };
  try {
    const runtimes = [await runtimeOf('runtime.json'), await runtimeOf('runtime-registry.json')];
    for (const name of ['known-connectors.json', 'trust.json'] as const) {
      await writeFile(join(home, name), JSON.stringify(samples[name]));
    }
    const known = await new KnownFingerprints(join(home, 'known-connectors.json')).of(REGISTRY);
    const trust = await loadTrust(home);
    const kids = [...trust.identities('registry'), ...trust.identities('connector')].map(({ kid }) => kid);
    return [...runtimes, known, kids];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
