import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { filesOf } from './chart.js';

/** What tests look at in an object of Kubernetes. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Labels; annotations?: Labels };
  automountServiceAccountToken?: boolean;
  rules?: object[];
  spec?: Spec;
}

type Labels = Record<string, string>;

interface Spec {
  template?: PodTemplate;
  selector?: Labels & { matchLabels?: Labels };
  podSelector?: { matchLabels?: Labels };
  policyTypes?: string[];
  ingress?: Rule[];
  egress?: Rule[];
  ports?: { name: string; port: number; targetPort: string }[];
  volumeClaimTemplates?: { metadata: { name: string } }[];
  replicas?: number;
  scaleTargetRef?: { kind: string; name: string };
  rules?: object[];
  endpoints?: { relabelings?: object[] }[];
}

/** A rule of a NetworkPolicy. */
export interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number; protocol?: string }[];
}

/** Who a rule of a NetworkPolicy lets pass. */
export interface Peer {
  namespaceSelector?: { matchLabels?: Labels };
  podSelector?: { matchLabels?: Labels };
  ipBlock?: { cidr: string; except?: string[] };
}

/** The template of the pods of a Deployment, StatefulSet or Job. */
export interface PodTemplate {
  metadata: { labels: Labels };
  spec: PodSpec;
}

interface PodSpec {
  serviceAccountName: string;
  automountServiceAccountToken?: boolean;
  enableServiceLinks?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: {
    runAsNonRoot?: boolean;
    runAsUser?: number;
    fsGroup?: number;
    seccompProfile?: { type: string };
  };
  terminationGracePeriodSeconds?: number;
  topologySpreadConstraints?: { topologyKey: string }[];
  initContainers?: Container[];
  containers: Container[];
  volumes?: Volume[];
}

/** A container of a pod. */
export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  workingDir?: string;
  env?: EnvVar[];
  envFrom?: object[];
  ports?: { name: string; containerPort: number }[];
  securityContext?: {
    privileged?: boolean;
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { add?: string[]; drop?: string[] };
  };
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  lifecycle?: { preStop?: { sleep?: { seconds: number } } };
  resources?: { requests?: Labels; limits?: Labels };
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
}

/** One variable of a container: a value, or the key of a Secret. */
export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name: string; key: string } };
}

interface Probe {
  httpGet?: { path: string; port: string };
}

interface Volume {
  name: string;
  secret?: { secretName: string; defaultMode?: number; optional?: boolean };
  emptyDir?: object;
  configMap?: object;
  projected?: object;
}

/** The objects in a text of several YAML documents. YAML 1.1, as Kubernetes reads it: 0440 is octal. */
export function parseObjects(text: string): KubernetesObject[] {
  return parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** What helm renders from a set of values. */
export function renderedObjects(set: string): KubernetesObject[] {
  return parseObjects(readFileSync(filesOf(set).rendered, 'utf8'));
}

/** The object of this kind whose name ends so. */
export function objectOf(objects: KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name.endsWith(name));
  if (!found) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

/** Each workload with the template of its pods. */
export function workloadsOf(objects: KubernetesObject[]): { object: KubernetesObject; template: PodTemplate }[] {
  return objects.flatMap((object) => (object.spec?.template ? [{ object, template: object.spec.template }] : []));
}

/** The part of the chart that an object belongs to: registry, connector, proxy, keys. */
export function componentOf(object: { metadata: { labels?: Labels } }): string {
  return object.metadata.labels?.['app.kubernetes.io/component'] ?? '';
}
