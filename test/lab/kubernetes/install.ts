import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { CHART, filesOf } from '../../support/kubernetes/chart.js';
import { type KubernetesObject, renderedObjects, workloadsOf } from '../../support/kubernetes/objects.js';
import { until } from '../../support/processes.js';
import { parse } from 'yaml';
import type { ApiServer } from './api-server.js';
import { followNotes } from './documented.js';
import { runJobs } from './run-jobs.js';
import type { Tools } from './tools.js';

type Say = (line: string) => void;

/** Plurals of the kinds of the chart, by API version. */
const PATHS: [string, string[]][] = [
  ['api/v1', ['serviceaccounts', 'services', 'secrets']],
  ['apis/apps/v1', ['deployments', 'statefulsets']],
  ['apis/autoscaling/v2', ['horizontalpodautoscalers']],
  ['apis/batch/v1', ['jobs']],
  ['apis/networking.k8s.io/v1', ['networkpolicies', 'ingresses']],
  ['apis/policy/v1', ['poddisruptionbudgets']],
  ['apis/rbac.authorization.k8s.io/v1', ['roles', 'rolebindings']],
  ['apis/gateway.networking.k8s.io/v1', ['httproutes']],
  ['apis/monitoring.coreos.com/v1', ['servicemonitors']],
];

/** A namespace whose pods must keep to the profile `restricted`. */
export async function makeNamespace(server: ApiServer, name: string): Promise<void> {
  const modes = ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']);
  const metadata = { name, labels: Object.fromEntries(modes) };
  await accepted(server.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata }));
}

/** Makes the kinds of other projects known. */
export async function defineKinds(server: ApiServer, { crds }: Tools): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const file of crds) {
    const definition = parse(readFileSync(file, 'utf8')) as { spec: { group: string; names: { plural: string } } };
    await accepted(server.create(path, definition));
    const { group, names } = definition.spec;
    // Served a while after it is accepted.
    await until(
      names.plural,
      async () => (await server.ask('GET', `/apis/${group}/v1/${names.plural}`)).status === 200 || undefined,
    );
  }
}

async function accepted(answer: Promise<{ status: number; text: string }>): Promise<void> {
  const { status, text: said } = await answer;
  if (status >= 300) throw new Error(`${status} ${said}`);
}

/** Runs helm in a namespace, and its Jobs meanwhile. What helm said, and whether it succeeded. */
export async function helm(server: ApiServer, tools: Tools, namespace: string, args: string[], say: Say) {
  const kubeconfig = server.kubeconfig(namespace);
  const child = spawn(tools.helm, [...args, '--namespace', namespace, '--kubeconfig', kubeconfig], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    runJobs(server, namespace, ended, say),
  ]);
  return { isOk: child.exitCode === 0, said: `${out}${err}`.trim() };
}

/** Installs a set of values and upgrades it once; prints what there is then. @throws Error when the server refuses anything */
export async function installSet(server: ApiServer, tools: Tools, set: string, say: Say): Promise<void> {
  await makeNamespace(server, set);
  const chart = ['lethe', CHART, '-f', filesOf(set).values, '--timeout', '3m'];
  for (const command of ['install', 'upgrade']) {
    say(`\n## helm ${command} lethe deploy/helm/lethe -n ${set} -f deploy/helm/values/${set}.yaml`);
    const { isOk, said } = await helm(server, tools, set, [command, ...chart], say);
    if (!isOk) throw new Error(said);
    // The server's warnings, such as one of the pod security of the namespace.
    if (said.includes('warnings.go')) throw new Error(`the server warns: ${said}`);
    if (command === 'upgrade') continue;
    say(said.replaceAll(/^/gm, '    '));
    if (/Job/.test(JSON.stringify(renderedObjects(set).map(({ kind }) => kind))))
      followNotes(server, tools, set, said, say);
  }
  say('\n    The server has now:');
  for (const line of await namesOf(server, set)) say(`    ${line}`);
  await checkPods(server, set, renderedObjects(set), say);
}

async function namesOf(server: ApiServer, namespace: string): Promise<string[]> {
  const found: string[] = [];
  for (const [version, kinds] of PATHS) {
    for (const kind of kinds) {
      const { items } = await server.get<{ items: KubernetesObject[] }>(`/${version}/namespaces/${namespace}/${kind}`);
      const names = items.map(({ metadata }) => metadata.name).filter((name) => !name.startsWith('sh.helm.'));
      if (names.length > 0) found.push(`${kind}: ${names.join(', ')}`);
    }
  }
  return found;
}

/** The controllers that would make pods do not run, so the server is asked whether it would admit each. */
async function checkPods(server: ApiServer, namespace: string, objects: KubernetesObject[], say: Say): Promise<void> {
  for (const { object, template } of workloadsOf(objects)) {
    const { status, text: said } = await createPod(server, namespace, template);
    if (status >= 300) throw new Error(`a pod of ${object.metadata.name}: ${said}`);
    say(`    a pod of ${object.kind} ${object.metadata.name} is admitted under "restricted"`);
  }
}

/** Asks whether a pod would be admitted; it is not made. */
export function createPod(server: ApiServer, namespace: string, template: { metadata: object; spec: object }) {
  const metadata = { ...template.metadata, name: 'a-pod' };
  const volumes = 'volumes' in template.spec ? withClaims(template.spec.volumes) : [];
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...template.spec, volumes } };
  return server.create(`/api/v1/namespaces/${namespace}/pods`, pod, true);
}

/** A StatefulSet adds the volumes of its claims; here an empty folder stands in. */
function withClaims(volumes: unknown): object[] {
  const list = (Array.isArray(volumes) ? volumes : []) as { name: string }[];
  return list.some(({ name }) => name === 'data') ? list : [...list, { name: 'data', emptyDir: {} }];
}
