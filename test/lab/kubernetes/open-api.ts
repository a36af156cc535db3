import { writeFileSync } from 'node:fs';
import { renderedObjects } from '../../support/kubernetes/objects.js';
import { OPEN_API_FILE, type OpenApiFixture } from '../../support/kubernetes/open-api.js';
import { VALUES_SETS } from '../../support/kubernetes/chart.js';
import type { ApiServer } from './api-server.js';

type Schema = Record<string, unknown>;
interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

/** Members of schemas that say nothing about what is valid, or nothing that the tests check. */
const LEFT_OUT = new Set(['description', 'default', 'example', 'x-kubernetes-validations', 'title']);

/** Writes the fixture: the schemas of this API server for every kind that the chart makes, and what they refer to. */
export async function writeOpenApi(server: ApiServer): Promise<number> {
  const wanted = new Map<string, string>();
  for (const { apiVersion, kind } of VALUES_SETS.flatMap(renderedObjects))
    wanted.set(`${apiVersion} ${kind}`, apiVersion);
  const all: Record<string, Schema> = {};
  for (const apiVersion of new Set(wanted.values())) {
    const path = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const { components } = await server.get<{ components: { schemas: Record<string, Schema> } }>(`/openapi/v3/${path}`);
    Object.assign(all, components.schemas);
  }
  const fixture: OpenApiFixture = { kinds: {}, schemas: {} };
  for (const [name, schema] of Object.entries(all)) {
    const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as GroupVersionKind[];
    const title = kinds.map(({ group, version, kind }) => `${group ? `${group}/` : ''}${version} ${kind}`);
    const found = title.find((one) => wanted.has(one));
    if (found === undefined) continue;
    fixture.kinds[found] = name;
    collect(name, all, fixture.schemas);
  }
  const missing = [...wanted.keys()].filter((kind) => !(kind in fixture.kinds));
  if (missing.length > 0) throw new Error(`no schema for ${missing.join(', ')}`);
  const text = lines(fixture);
  writeFileSync(OPEN_API_FILE, text);
  return text.length;
}

function collect(name: string, all: Record<string, Schema>, schemas: Record<string, object>): void {
  if (name in schemas) return;
  const schema = all[name];
  if (!schema) throw new Error(`no schema ${name}`);
  const slim = slimmed(schema);
  schemas[name] = slim as object;
  for (const [, ref = ''] of JSON.stringify(slim).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    collect(ref, all, schemas);
}

function slimmed(value: unknown, isNames = false): unknown {
  if (Array.isArray(value)) return value.map((one) => slimmed(one));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key]) => isNames || !LEFT_OUT.has(key));
  return Object.fromEntries(members.map(([key, member]) => [key, slimmed(member, key === 'properties' && !isNames)]));
}

/** One schema a line, so that a change of version can be read. */
function lines({ kinds, schemas }: OpenApiFixture): string {
  const members = (object: object) =>
    Object.entries(object)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  return `{ "kinds": {\n${members(kinds)}\n}, "schemas": {\n${members(schemas)}\n} }\n`;
}
