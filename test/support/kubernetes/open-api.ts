import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { ROOT } from '../processes.js';
import type { KubernetesObject } from './objects.js';

/** The schemas of an API server for the kinds of the chart, written by `npm run lab:kubernetes`. */
export interface OpenApiFixture {
  /** `<apiVersion> <kind>` -> name of its schema. */
  kinds: Record<string, string>;
  schemas: Record<string, object>;
}

export const OPEN_API_FILE = join(ROOT, 'test/support/kubernetes/open-api.json');

/** Says what the API server would not accept of an object with `fieldValidation=Strict`. */
export class ObjectValidator {
  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly fixture = JSON.parse(readFileSync(OPEN_API_FILE, 'utf8')) as OpenApiFixture;

  constructor() {
    this.ajv.addSchema({ $id: 'kubernetes', components: { schemas: closed(this.fixture.schemas) } });
  }

  problemsOf(object: KubernetesObject): string[] {
    const kind = `${object.apiVersion} ${object.kind}`;
    const title = `${object.kind} ${object.metadata.name}`;
    const name = this.fixture.kinds[kind];
    if (name === undefined) return [`${title}: the API server does not know ${kind}`];
    const validate = this.compiled.get(name) ?? this.ajv.compile({ $ref: `kubernetes#/components/schemas/${name}` });
    this.compiled.set(name, validate);
    if (validate(object)) return [];
    return (validate.errors ?? []).map((error) => {
      const unknown: unknown = error.params['additionalProperty'];
      const what = typeof unknown === 'string' ? `unknown field ${unknown}` : (error.message ?? error.keyword);
      return `${title}: ${error.instancePath || '/'} ${what}`;
    });
  }
}

/** The API server refuses fields that it does not know, but its schemas leave that open. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isOpen = 'additionalProperties' in copy || copy['x-kubernetes-preserve-unknown-fields'] === true;
  return 'properties' in copy && typeof copy['type'] === 'string' && !isOpen
    ? { ...copy, additionalProperties: false }
    : copy;
}
