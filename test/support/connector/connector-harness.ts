import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryBroker } from '@lethe/messaging';
import { readSettings } from '@lethe/platform';
import type { Trust } from '@lethe/sealing';
import { type RunningConnector, startConnector } from '../../../apps/connector/src/connector.app.js';
import { testTrust } from '../trust.js';
import { bundleChild } from './child-bundle.js';
import { FakeRegistry } from './fake-registry.js';

/** A real connector with real one-shot processes on an embedded bus, and the registry's side of it. */
export interface ConnectorHarness {
  connector: RunningConnector;
  registry: FakeRegistry;
  trust: Trust;
  broker: MemoryBroker;
  close(): Promise<void>;
}

/** As many slots as a connector of its own keeps ready, though its bus is embedded. */
const EMBEDDED = { DOOR_PORT: '0', LETHE_LOG_LEVEL: 'silent', LETHE_SLOTS: '4' };

export async function startConnectorHarness(env: Record<string, string> = {}): Promise<ConnectorHarness> {
  const home = await mkdtemp(join(tmpdir(), 'lethe-connector-'));
  const bundle = await bundleChild();
  const trust = testTrust();
  const broker = new MemoryBroker();
  const registry = await FakeRegistry.start({ broker, service: 'registry' }, trust);
  const settings = readSettings({ ...EMBEDDED, LETHE_HOME: home, ...env });
  const bus = { broker, service: 'connector' };
  const connector = await startConnector({ settings, bus, trust, childFile: bundle.file });
  return {
    connector,
    registry,
    trust,
    broker,
    close: async () => {
      await connector.close();
      await registry.close();
      await bundle.remove();
      await rm(home, { recursive: true, force: true });
    },
  };
}
