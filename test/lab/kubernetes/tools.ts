import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../support/processes.js';

/** Programs and definitions that are brought as Go modules. */
export interface Tools {
  /** For `PATH`: helm and kubectl are in it. */
  folder: string;
  helm: string;
  kine: string;
  apiServer: string;
  /** Files with CustomResourceDefinitions: of the Gateway API and the Prometheus operator. */
  crds: string[];
}

/** Builds what is not in the cache yet. @throws Error when a build fails */
export function bringTools(wanted: 'helm' | 'all'): Tools {
  const folder = outputOf('sh', [join(ROOT, 'test/lab/kubernetes/build-tools.sh'), wanted]);
  return {
    folder,
    helm: join(folder, 'helm'),
    kine: join(folder, 'kine'),
    apiServer: join(folder, 'kube-apiserver'),
    crds: ['httproutes.yaml', 'servicemonitors.yaml'].map((file) => join(folder, file)),
  };
}

/** Runs a program to its end. @throws Error with what it said */
export function outputOf(program: string, args: string[], env: NodeJS.ProcessEnv = {}, cwd = ROOT): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ''}: ${error?.message ?? (stderr || stdout).trim()}`);
  return stdout.trim();
}
