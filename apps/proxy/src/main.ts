import {
  assertSupportedNode,
  type OnServing,
  readSettings,
  runMain,
  type RunningService,
  warnAtStart,
  writeRuntimeFile,
} from '@lethe/platform';
import { loadTrust } from '@lethe/sealing';
import { CurrentWorker } from './workers/current-worker.js';
import { startWorkers } from './workers/supervisor.js';

assertSupportedNode();
const worker = CurrentWorker.ofThisProcess();
runMain(start, worker && (() => worker.shutdownRequested));

/** Runs a single process, or a primary that starts `PROXY_WORKERS` workers; workers enter here too. */
async function start(onServing: OnServing): Promise<RunningService> {
  const required = ['natsUrl', 'trustDir'] as const;
  // Once for all workers.
  const settings = readSettings(process.env, { required, ...(worker === undefined && { warn: warnAtStart }) });
  const { natsUrl, trustDir } = settings;
  const isPrimary = worker === undefined && settings.proxyWorkers > 1;
  const serve = async (): Promise<RunningService> => {
    const trust = await loadTrust(trustDir);
    // Imported after the version check: on an old Node.js this module fails with a less useful message.
    const { startProxy } = await import('./proxy.app.js');
    return startProxy({ settings, bus: { natsUrl, service: 'proxy' }, trust, worker, onServing });
  };
  const service = await (isPrimary ? startWorkers(settings, onServing) : serve());
  if (worker) worker.hasStarted(service.url);
  else await writeRuntimeFile(settings.home, { url: service.url, pid: process.pid }, 'runtime-proxy.json');
  return service;
}
