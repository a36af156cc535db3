import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, startCommand, until } from '../../support/processes.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { ApiServer } from './api-server.js';

interface Job extends KubernetesObject {
  metadata: KubernetesObject['metadata'] & { uid: string };
  status?: { completionTime?: string };
}

/**
 * Stands in for the nodes: runs the Jobs of a namespace as processes, with a token of their service account, until `over`.
 * What they say is handed to `say`.
 */
export async function runJobs(
  server: ApiServer,
  namespace: string,
  over: Promise<unknown>,
  say: (line: string) => void,
) {
  const seen = new Set<string>();
  let isOver = false;
  void over.catch(() => undefined).finally(() => (isOver = true));
  while (!isOver) {
    const { items } = await server.get<{ items: Job[] }>(`/apis/batch/v1/namespaces/${namespace}/jobs`);
    for (const job of items.filter(({ metadata }) => !seen.has(metadata.uid))) {
      seen.add(job.metadata.uid);
      await runJob(server, namespace, job, say);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function runJob(server: ApiServer, namespace: string, { metadata, spec }: Job, say: (line: string) => void) {
  const pod = spec?.template?.spec;
  const [container] = pod?.containers ?? [];
  if (!pod || !container) throw new Error(`Job ${metadata.name} has no container`);
  const startTime = new Date().toISOString();
  const account = join(server.folder, metadata.uid);
  mkdirSync(account);
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${pod.serviceAccountName}/token`;
  const made = await server.create(path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [] },
  });
  const { status }: { status: { token: string } } = JSON.parse(made.text);
  writeFileSync(join(account, 'token'), status.token);
  writeFileSync(join(account, 'namespace'), namespace);
  writeFileSync(join(account, 'ca.crt'), server.certificate);
  const here = (value: string) =>
    value.replace('https://kubernetes.default.svc', server.url).replace(/^\/account/, account);
  const env = Object.fromEntries((container.env ?? []).map(({ name, value = '' }) => [name, here(value)]));
  const command = [...(container.command ?? []), ...(container.args ?? [])].map(here);
  const job = startCommand(command, account, env, { name: metadata.name, cwd: ROOT });
  await until(`the end of Job ${metadata.name}`, () => job.hasExited() || undefined, 120_000);
  const log = (await job.log()).trim();
  say(log.replaceAll(/^/gm, `    Job ${metadata.name}: `));
  const hasFailed = !/^(made|kept) /.test(log.split('\n').at(-1) ?? '');
  const others = await server.ask('GET', `/api/v1/namespaces/${namespace}/secrets`, undefined, undefined, status.token);
  say(`    Job ${metadata.name}: a list of all Secrets is refused to it: ${others.status}`);
  await finish(server, `/apis/batch/v1/namespaces/${namespace}/jobs/${metadata.name}/status`, startTime, hasFailed);
}

/** What the Job controller would write. */
async function finish(server: ApiServer, path: string, startTime: string, hasFailed: boolean): Promise<void> {
  const now = new Date().toISOString();
  const conditions = (hasFailed ? ['FailureTarget', 'Failed'] : ['SuccessCriteriaMet', 'Complete']).map((type) => ({
    ...{ type, status: 'True', lastProbeTime: now, lastTransitionTime: now },
  }));
  const status = { startTime, conditions, ...(hasFailed ? { failed: 1 } : { succeeded: 1, completionTime: now }) };
  const patched = await server.ask('PATCH', path, { status }, 'application/merge-patch+json');
  if (patched.status >= 300) throw new Error(`PATCH ${path}: ${patched.status} ${patched.text}`);
}
