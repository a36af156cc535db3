import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART } from '../../support/kubernetes/chart.js';
import { objectOf, renderedObjects } from '../../support/kubernetes/objects.js';
import type { ApiServer } from './api-server.js';
import { createPod, helm, makeNamespace } from './install.js';
import type { Tools } from './tools.js';

type Say = (line: string) => void;

/** Mistakes in the chart: a file, what is replaced in it, and what the refusal must name. */
const IN_THE_CHART: [title: string, file: string, from: string, to: string, named: RegExp][] = [
  ['a misspelt field of a NetworkPolicy', 'network-policies.yaml', 'policyTypes:', 'policyType:', /policyType/],
  [
    'a field that does not exist',
    '_helpers.tpl',
    'readOnlyRootFilesystem:',
    'readOnlyRootFileSystem:',
    /readOnlyRootFileSystem/,
  ],
  ['a port out of range', 'registry.yaml', 'port: 4400, targetPort', 'port: 440000, targetPort', /440000/],
];

type PodChange = (container: Record<string, unknown>, spec: Record<string, unknown>) => void;

/** Mistakes in a pod that its namespace must not admit. */
const IN_A_POD: [title: string, change: PodChange][] = [
  ['capabilities', (container) => (container['securityContext'] = { capabilities: { add: ['NET_ADMIN'] } })],
  ['no seccomp profile', (_container, spec) => (spec['securityContext'] = { runAsNonRoot: true, runAsUser: 1000 })],
  [
    'a folder of the node',
    (_container, spec) => (spec['volumes'] = ['trust', 'tmp'].map((name) => ({ name, hostPath: { path: '/' } }))),
  ],
];

/** Mistakes that helm, the server and its admission must refuse. @throws Error for one that they let pass */
export async function seedMistakes(server: ApiServer, tools: Tools, say: Say): Promise<void> {
  await makeNamespace(server, 'mistakes');
  say('\n## Seeded mistakes');
  const unknown = await helm(server, tools, 'mistakes', ['install', 'lethe', CHART, '--set', 'proxy.replica=3'], say);
  refused('a value that the schema does not know', unknown.isOk, unknown.said, /replica/, say);
  for (const [title, file, from, to, named] of IN_THE_CHART) {
    const chart = join(server.folder, `chart-${title.replaceAll(' ', '-')}`);
    cpSync(CHART, chart, { recursive: true });
    const template = join(chart, 'templates', file);
    writeFileSync(template, readFileSync(template, 'utf8').replace(from, to));
    const args = ['install', 'lethe', chart, '--set', 'keys.create=false'];
    const { isOk, said } = await helm(server, tools, 'mistakes', args, say);
    refused(title, isOk, said, named, say);
    await helm(server, tools, 'mistakes', ['uninstall', 'lethe', '--ignore-not-found'], say);
  }
  for (const [title, change] of IN_A_POD) {
    const template = structuredClone(objectOf(renderedObjects('minimal'), 'Deployment', '-proxy').spec?.template);
    const spec = template?.spec as unknown as Record<string, unknown> & { containers: Record<string, unknown>[] };
    change(spec.containers[0] ?? {}, spec);
    const { status, text } = await createPod(server, 'mistakes', { metadata: template?.metadata ?? {}, spec });
    refused(`a pod with ${title}`, status < 300, text, /PodSecurity/, say);
  }
}

function refused(title: string, isOk: boolean, said: string, named: RegExp, say: Say): void {
  if (isOk) throw new Error(`${title}: was accepted`);
  if (!named.test(said)) throw new Error(`${title}: refused for another reason: ${said}`);
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(said)?.[1] ?? said;
  const line = message.split('\n').find((one) => named.test(one)) ?? '';
  say(`    ${title}: refused: ${line.trim().slice(0, 300)}`);
}
