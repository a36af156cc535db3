import { END_TIMEOUT_MS, SETTINGS_TABLE } from '@lethe/platform';
import { componentOf, type Container, type KubernetesObject, type PodTemplate, workloadsOf } from './objects.js';

/** Variables that are no settings of Lethe's services: the image's, and Node.js' own. */
const OTHER_VARIABLES = ['APP', 'NODE_EXTRA_CA_CERTS'];
const KNOWN: ReadonlySet<string> = new Set([...SETTINGS_TABLE.map((row) => row.variable), ...OTHER_VARIABLES]);
/** Credentials pass through their memory, so none of it may be swapped: the kubelet spares a container with limit = request. */
const HOLDS_CREDENTIALS: ReadonlySet<string> = new Set(['connector', 'proxy']);

/** What is wrong with the pods of a chart: privileges, writable places, probes, shutdown, settings. */
export function podProblems(objects: KubernetesObject[]): string[] {
  return workloadsOf(objects).flatMap(({ object, template }) => {
    const isService = object.kind !== 'Job';
    const problems = [
      ...privileges(template),
      ...template.spec.containers.flatMap((container) => [
        ...containerPrivileges(container, template),
        ...environment(container),
        ...(isService ? lifetime(container, template, componentOf(object)) : []),
      ]),
      ...(isService ? mountedKeys(template, componentOf(object)) : []),
    ];
    return problems.map((problem) => `${object.kind} ${object.metadata.name}: ${problem}`);
  });
}

/** The rules that do not hold, by their names. */
function broken(rules: Record<string, boolean>): string[] {
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [rule]));
}

function privileges({ spec }: PodTemplate): string[] {
  return broken({
    'must not run as root': spec.securityContext?.runAsNonRoot === true && (spec.securityContext.runAsUser ?? 0) > 0,
    'must have the seccomp profile RuntimeDefault': spec.securityContext?.seccompProfile?.type === 'RuntimeDefault',
    'must not get a token of the API server': spec.automountServiceAccountToken === false,
    'must not get the variables of Services': spec.enableServiceLinks === false,
    'must not share namespaces of the node': !spec.hostNetwork && !spec.hostPID && !spec.hostIPC,
    'must have no other containers': spec.containers.length === 1 && spec.initContainers === undefined,
  });
}

function containerPrivileges(container: Container, { spec }: PodTemplate): string[] {
  const context = container.securityContext ?? {};
  const writable = new Set((spec.volumes ?? []).filter((volume) => volume.emptyDir).map((volume) => volume.name));
  const mounts = container.volumeMounts ?? [];
  return broken({
    'must have a read-only root': context.readOnlyRootFilesystem === true,
    'must have no capabilities': context.capabilities?.drop?.includes('ALL') === true && !context.capabilities.add,
    'must not gain privileges': context.allowPrivilegeEscalation === false && context.privileged !== true,
    'may write to its data and /tmp only': mounts.every(
      ({ name, mountPath, readOnly }) =>
        readOnly === true || mountPath === '/data' || (mountPath === '/tmp' && writable.has(name)),
    ),
    'must limit its memory': container.resources?.limits?.['memory'] !== undefined,
  });
}

function environment({ env = [], envFrom }: Container): string[] {
  const names = env.map(({ name }) => name);
  return [
    ...names.filter((name) => !KNOWN.has(name)).map((name) => `${name} is no setting`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is set twice`),
    ...env
      .filter(({ name, valueFrom }) => /_URL$/.test(name) && !/PUBLIC/.test(name) && !valueFrom?.secretKeyRef)
      .map(({ name }) => `${name} must come from a Secret`),
    ...(envFrom ? ['variables must be named one by one'] : []),
  ];
}

function lifetime(container: Container, { spec }: PodTemplate, component: string): string[] {
  const { startupProbe, readinessProbe, livenessProbe, lifecycle, resources } = container;
  const drainMs = (lifecycle?.preStop?.sleep?.seconds ?? 0) * 1_000;
  const isAtHttp = container.ports?.some(({ name }) => name === 'http') === true;
  const probes = [startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.httpGet);
  return broken({
    'must start by the script that turns core dumps off':
      container.command?.join(' ') === '/bin/sh deploy/image/start.sh' && container.args === undefined,
    'must be probed at /livez, /readyz and /livez':
      isAtHttp &&
      probes.map((probe) => `${probe?.path} ${probe?.port}`).join() === '/livez http,/readyz http,/livez http',
    'must serve on while others learn that it ends': drainMs > 0,
    'must be given longer than preStop and a graceful end':
      (spec.terminationGracePeriodSeconds ?? 0) * 1_000 > drainMs + END_TIMEOUT_MS,
    'must not be swapped':
      !HOLDS_CREDENTIALS.has(component) || resources?.requests?.['memory'] === resources?.limits?.['memory'],
    'must be spread over zones and nodes':
      spec.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey).join() ===
      'topology.kubernetes.io/zone,kubernetes.io/hostname',
  });
}

/** One Secret with keys, its own, and the first administrator's token for the registry. */
function mountedKeys({ spec }: PodTemplate, component: string): string[] {
  const secrets = (spec.volumes ?? []).filter((volume) => volume.secret);
  const trust = secrets.filter(({ name }) => name === 'trust');
  const expected = component === 'registry' ? ['admin', 'trust'] : ['trust'];
  return broken({
    'must mount its own keys and no others':
      secrets.map(({ name }) => name).sort().join() === expected.join() &&
      trust[0]?.secret?.secretName.endsWith(component) === true,
  }); // prettier-ignore
}
