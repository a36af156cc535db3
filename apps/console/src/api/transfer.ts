import { api, body, ifMatch } from './client.js';
import type { components } from './schema.js';

/** What an import does, or would do. */
export type Plan = components['schemas']['PlanView'];
/** What it does to one gateway or virtual server. */
export type PlannedObject = components['schemas']['PlannedObjectView'];

/** All gateways and virtual servers as a document of YAML. @param hasCatalogue adds what was verified */
export async function exportDocument(hasCatalogue: boolean): Promise<string> {
  const query = hasCatalogue ? { catalogue: 'true' as const } : {};
  return body(await api.GET('/v1/export', { params: { query }, parseAs: 'text' }));
}

/** How a document is imported. */
export interface ImportOptions {
  /** Deletes what the document does not have. */
  isPruning: boolean;
}

/** What an import of the document would do; nothing is changed. @throws Problem with a field for each broken rule */
export async function planImport(document: string, options: ImportOptions): Promise<Plan> {
  return send(document, options, { dryRun: 'true' }, {});
}

/** Imports the document: all of it, or nothing. @throws Problem `precondition_failed` if its plan is another one by now */
export async function importDocument(document: string, options: ImportOptions, planDigest: string): Promise<Plan> {
  return send(document, options, {}, { ...ifMatch(`"${planDigest}"`), Prefer: 'wait=10' });
}

/** A document that is JSON is YAML, too. */
async function send(
  document: string,
  { isPruning }: ImportOptions,
  query: { dryRun?: 'true' },
  header: { 'If-Match'?: string; Prefer?: string },
): Promise<Plan> {
  return body(
    await api.POST('/v1/import', {
      params: { query: { ...query, ...(isPruning && { prune: 'true' as const }) }, header },
      headers: { 'content-type': 'application/yaml' },
      body: { apiVersion: 'lethe/v1' },
      // The registry reads the text as it is; the type of the body says what is in it.
      bodySerializer: () => document,
    }),
  );
}
