import { describe, expect, it } from 'vitest';
import { edgesOf, unguarded } from '../support/kubernetes/edges.js';
import { EDGES } from '../support/kubernetes/expected-edges.js';
import {
  type Container,
  type KubernetesObject,
  objectOf,
  type PodTemplate,
  renderedObjects,
} from '../support/kubernetes/objects.js';
import { ObjectValidator } from '../support/kubernetes/open-api.js';
import { podProblems } from '../support/kubernetes/pods.js';

const validator = new ObjectValidator();
const minimal = renderedObjects('minimal');
const problemsOf = (objects: KubernetesObject[]): string[] => [
  ...objects.flatMap((object) => validator.problemsOf(object)),
  ...podProblems(objects),
];

/** Each mistake, made in the rendered objects, is found: so the checks of helm-chart.spec.ts are not empty. */
describe('the Helm chart', () => {
  it.each<[string, string, (objects: KubernetesObject[]) => unknown]>([
    ['a writable root', 'must have a read-only root', (all) => delete contextOf(all).readOnlyRootFilesystem],
    [
      'a capability',
      'must have no capabilities',
      (all) => (contextOf(all).capabilities = { drop: ['ALL'], add: ['X'] }),
    ],
    ['root', 'must not run as root', (all) => (podOf(all).securityContext!.runAsNonRoot = false)],
    ['no seccomp profile', 'RuntimeDefault', (all) => delete podOf(all).securityContext!.seccompProfile],
    ['a token', 'must not get a token', (all) => delete podOf(all).automountServiceAccountToken],
    [
      'an unknown field',
      'unknown field readOnlyRootFileSystem',
      (all) => Object.assign(contextOf(all), { readOnlyRootFileSystem: true }),
    ],
    [
      'an unknown field of a policy',
      'unknown field policyType',
      (all) => Object.assign(policyOf(all), { policyType: [] }),
    ],
    [
      'a field of the wrong type',
      'must be integer',
      (all) => Object.assign(podOf(all), { terminationGracePeriodSeconds: '45' }),
    ],
    ['another kind', 'does not know', (all) => (all[0]!.kind = 'NetworkPolice')],
    ['a short end', 'longer than preStop', (all) => (podOf(all).terminationGracePeriodSeconds = 30)],
    ['a probe elsewhere', 'must be probed', (all) => (proxyOf(all).readinessProbe!.httpGet!.path = '/livez')],
    ['core dumps', 'core dumps off', (all) => (proxyOf(all).command = ['node', 'deploy/image/start.mjs'])],
    ['swap', 'must not be swapped', (all) => (proxyOf(all).resources!.requests!['memory'] = '1Mi')],
    [
      'an unknown setting',
      'PROXY_WORKER is no setting',
      (all) => proxyOf(all).env!.push({ name: 'PROXY_WORKER', value: '2' }),
    ],
    [
      'a password in clear',
      'NATS_URL must come from a Secret',
      (all) =>
        Object.assign(
          proxyOf(all).env!.find(({ name }) => name === 'NATS_URL')!,
          { valueFrom: undefined, value: 'x' },
        ),
    ],
    [
      'keys of another service',
      'its own keys',
      (all) => (podOf(all).volumes![0]!.secret!.secretName = 'lethe-trust-registry'),
    ],
  ])('would not pass with %s', (_title, problem, change) => {
    const objects = structuredClone(minimal);
    change(objects);
    expect(problemsOf(objects).join('\n')).toContain(problem);
  });

  it.each<[string, (policy: NonNullable<KubernetesObject['spec']>) => unknown]>([
    ['an edge less', (policy) => policy.egress!.pop()],
    ['an edge more', (policy) => policy.egress!.push({ to: [{ podSelector: {} }] })],
    ['a port more', (policy) => policy.egress![1]!.ports!.push({ port: 8222 })],
    ['everyone', (policy) => delete policy.ingress![0]!.from],
  ])('would not pass with %s in a NetworkPolicy', (_title, change) => {
    const objects = structuredClone(minimal);
    change(policyOf(objects));
    expect(edgesOf(objects)).not.toEqual(EDGES['minimal']);
  });

  it('would not pass with a pod that no NetworkPolicy selects', () => {
    const objects = structuredClone(minimal);
    policyOf(objects).podSelector!.matchLabels!['app.kubernetes.io/component'] = 'proxies';
    expect(unguarded(objects)).toEqual(['Deployment lethe-proxy']);
  });
});

function podOf(objects: KubernetesObject[], component = 'proxy'): PodTemplate['spec'] {
  return objectOf(objects, 'Deployment', `-${component}`).spec!.template!.spec;
}

function containerOf(objects: KubernetesObject[], component: string): Container {
  return podOf(objects, component).containers[0]!;
}

function proxyOf(objects: KubernetesObject[]): Container {
  return containerOf(objects, 'proxy');
}

function contextOf(objects: KubernetesObject[]): NonNullable<Container['securityContext']> {
  return proxyOf(objects).securityContext!;
}

function policyOf(objects: KubernetesObject[]): NonNullable<KubernetesObject['spec']> {
  return objectOf(objects, 'NetworkPolicy', '-proxy').spec!;
}
