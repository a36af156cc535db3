import { componentOf, type KubernetesObject, type Peer, type PodTemplate, type Rule, workloadsOf } from './objects.js';

/** What the NetworkPolicies of a chart let pass: for each part, lines such as `to pods name=nats of any namespace: 4222`. */
export function edgesOf(objects: KubernetesObject[]): Record<string, string[]> {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  return Object.fromEntries(
    policies.map((policy) => [
      componentOf(policy),
      [
        ...(policy.spec?.ingress ?? []).flatMap((rule) => lines('from', rule, rule.from)),
        ...(policy.spec?.egress ?? []).flatMap((rule) => lines('to', rule, rule.to)),
      ],
    ]),
  );
}

/** Workloads whose pods are not subject to exactly one NetworkPolicy, in both directions. */
export function unguarded(objects: KubernetesObject[]): string[] {
  return workloadsOf(objects)
    .filter(({ template }) => {
      const guards = objects.filter((object) => object.kind === 'NetworkPolicy' && selects(object, template));
      return guards.length !== 1 || guards[0]?.spec?.policyTypes?.join() !== 'Ingress,Egress';
    })
    .map(({ object }) => `${object.kind} ${object.metadata.name}`);
}

function selects(policy: KubernetesObject, template: PodTemplate): boolean {
  const wanted = Object.entries(policy.spec?.podSelector?.matchLabels ?? {});
  return wanted.every(([label, value]) => template.metadata.labels[label] === value);
}

function lines(direction: string, { ports }: Rule, peers: Peer[] | undefined): string[] {
  const all =
    ports?.map(({ port, protocol }) => (protocol === 'UDP' ? `${port}/UDP` : `${port}`)).join(' ') ?? 'any port';
  const who = peers?.length ? peers.map(peer) : ['anyone'];
  return who.map((one) => `${direction} ${one}: ${all}`);
}

function peer({ namespaceSelector, podSelector, ipBlock }: Peer): string {
  if (ipBlock) return ipBlock.cidr + (ipBlock.except ? ` without ${ipBlock.except.length} ranges` : '');
  const pods = podSelector ? `pods ${labels(podSelector.matchLabels)}` : 'pods';
  if (!namespaceSelector) return `${pods} of this namespace`;
  const namespaces = labels(namespaceSelector.matchLabels);
  return `${pods} of ${namespaces === '' ? 'any namespace' : namespaces}`;
}

function labels(selected: Record<string, string> = {}): string {
  return Object.entries(selected)
    .map(([label, value]) => `${label.replace(/^.*\//, '')}=${value}`)
    .join(',');
}
