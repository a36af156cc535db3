import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isAddressAllowed } from '@lethe/mcp';
import { SETTINGS_TABLE } from '@lethe/platform';
import { verifies } from '../requirements.js';
import { CHART, filesOf, headerOf, VALUES_SETS } from '../support/kubernetes/chart.js';
import { EDGES } from '../support/kubernetes/expected-edges.js';
import { edgesOf, unguarded } from '../support/kubernetes/edges.js';
import { objectOf, renderedObjects, workloadsOf } from '../support/kubernetes/objects.js';
import { ObjectValidator } from '../support/kubernetes/open-api.js';
import { podProblems } from '../support/kubernetes/pods.js';

const validator = new ObjectValidator();
const valuesOf = (file: string): unknown => parse(readFileSync(file, 'utf8')) ?? {};
describe.each([...VALUES_SETS])('the Helm chart with the values %s', (set) => {
  const objects = renderedObjects(set);

  it('is rendered as it is now: otherwise run `npm run lab:kubernetes -- --render`', () => {
    const text = readFileSync(filesOf(set).rendered, 'utf8');
    const end = text.indexOf('\n');
    expect(text.slice(0, end)).toBe(headerOf(set, text.slice(end)));
  });

  it('makes only objects that the API server accepts, with fields that it knows', () => {
    verifies('deployment.kubernetes-valid');
    expect(objects.flatMap((object) => validator.problemsOf(object))).toEqual([]);
  });

  it('gives no pod more than it needs', () => {
    verifies('deployment.kubernetes-hardened');
    expect(podProblems(objects)).toEqual([]);
  });

  it('lets each service reach, and be reached by, what it needs and nothing else', () => {
    verifies('deployment.kubernetes-hardened');
    expect(edgesOf(objects)).toEqual(EDGES[set]);
    expect(unguarded(objects)).toEqual([]);
  });

  it('names only objects that there are', () => {
    const names = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    const services = [
      ...JSON.stringify(objects).matchAll(/"backendRefs":\[\{"name":"([^"]+)|"service":\{"name":"([^"]+)/g),
    ];
    const accounts = workloadsOf(objects).map(({ template }) => template.spec.serviceAccountName);
    const scaled = objects.flatMap(({ spec }) => (spec?.scaleTargetRef ? [spec.scaleTargetRef] : []));
    const named = [
      ...services.map(([, inRoute, inIngress]) => `Service ${inRoute ?? inIngress}`),
      ...accounts.map((name) => `ServiceAccount ${name}`),
      ...scaled.map(({ kind, name }) => `${kind} ${name}`),
    ];
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  it('has values that its schema knows', () => {
    expect(schemaProblems(valuesOf(filesOf(set).values))).toEqual([]);
  });
});

describe('the Helm chart', () => {
  const minimal = renderedObjects('minimal');

  it('gives each service its own Secrets, and the database to the registry only', () => {
    const secrets = workloadsOf(minimal).map(({ template: { spec } }) => [
      spec.containers[0]?.name,
      ...(spec.volumes ?? []).flatMap(({ secret }) => secret?.secretName ?? []),
      ...(spec.containers[0]?.env ?? []).flatMap(({ name, valueFrom }) =>
        valueFrom?.secretKeyRef ? `${name} of ${valueFrom.secretKeyRef.name}` : [],
      ),
    ]);
    expect(secrets.sort()).toEqual([
      ['connector', 'lethe-trust-connector', 'NATS_URL of lethe-connector'],
      ['keys'],
      ['proxy', 'lethe-trust-proxy', 'NATS_URL of lethe-proxy'],
      [
        'registry',
        'lethe-trust-registry',
        'lethe-admin',
        'NATS_URL of lethe-registry',
        'DATABASE_URL of lethe-registry',
      ],
    ]);
  });

  it('lets the Job for the keys create Secrets and read four of them, while helm installs', () => {
    const role = objectOf(minimal, 'Role', '-keys');
    expect(role.rules).toEqual([
      {
        apiGroups: [''],
        resources: ['secrets'],
        verbs: ['get'],
        resourceNames: ['lethe-admin', 'lethe-trust-connector', 'lethe-trust-proxy', 'lethe-trust-registry'],
      },
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
    ]);
    const passing = minimal.filter(({ metadata }) => metadata.name.endsWith('-keys'));
    expect(passing.map(({ metadata }) => metadata.annotations?.['helm.sh/hook-delete-policy'])).toEqual(
      passing.map(() => 'before-hook-creation,hook-succeeded'),
    );
    expect(renderedObjects('gateway').filter(({ kind }) => /^(Job|Role)/.test(kind))).toEqual([]);
  });

  it('listens where the services listen', () => {
    const portOf = (variable: string) => SETTINGS_TABLE.find((row) => row.variable === variable)?.fallback;
    for (const component of ['registry', 'connector', 'proxy']) {
      const port = Number(portOf(`${component.toUpperCase()}_PORT`));
      const [container] = objectOf(minimal, 'Deployment', component).spec!.template!.spec.containers;
      expect(container!.ports).toEqual([{ name: 'http', containerPort: port }]);
      expect(objectOf(minimal, 'Service', component).spec?.ports).toEqual([{ name: 'http', port, targetPort: 'http' }]);
    }
  });

  it('gives its services the jobs that alerts and dashboard name, whatever the release is called', () => {
    const { spec } = objectOf(renderedObjects('production'), 'ServiceMonitor', 'lethe');
    const sourceLabels = ['__meta_kubernetes_service_label_app_kubernetes_io_component'];
    expect(spec?.endpoints?.map(({ relabelings }) => relabelings)).toEqual([
      [{ sourceLabels, targetLabel: 'job', replacement: 'lethe-$1' }],
    ]);
  });

  it('keeps from upstreams every address that Lethe itself does not contact', () => {
    const { networkPolicy } = valuesOf(join(CHART, 'values.yaml')) as {
      networkPolicy: { upstreams: { to: { ipBlock: { except: string[] } }[] } };
    };
    const blocked = networkPolicy.upstreams.to.flatMap(({ ipBlock }) => ipBlock.except);
    expect(blocked.filter((range) => isAddressAllowed(range.replace(/\/.*/, ''), { allowed: [] }))).toEqual([]);
    const special = /const IPV4_SPECIAL = ranges\(([^)]*)\)|const IPV6_SPECIAL = ranges\(([^)]*)\)/g;
    const rules = readFileSync(join(CHART, '../../../libs/mcp/src/address-rules.ts'), 'utf8');
    const ranges = [...rules.matchAll(special)].flatMap(([text]) => text.match(/[\da-f:.]+\/\d+/g) ?? []);
    expect(blocked.sort()).toEqual(ranges.sort());
  });

  it.each<[string, object, string]>([
    ['a value that does not exist', { proxy: { replica: 3 } }, '/proxy must NOT have additional properties'],
    ['a setting with a password', { registry: { settings: { DATABASE_URL: 'postgres://x' } } }, '/registry/settings'],
    ['a setting that the chart sets', { proxy: { settings: { LETHE_TRUST: '/x' } } }, '/proxy/settings'],
    ['an address with a path', { publicUrl: 'https://mcp.example.com/lethe' }, '/publicUrl'],
    ['no replica', { connector: { replicas: 0 } }, '/connector/replicas must be >= 1'],
  ])('refuses %s', (_title, values, problem) => {
    expect(schemaProblems(values).join()).toContain(problem);
  });

  it('knows every value that has a default', () => {
    expect(schemaProblems(valuesOf(join(CHART, 'values.yaml')))).toEqual([]);
  });
});

function schemaProblems(values: unknown): string[] {
  const schema: object = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
  validate(values);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
