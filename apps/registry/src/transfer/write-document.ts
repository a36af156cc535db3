import { stringify } from 'yaml';
import { API_VERSION, type Exported } from './document.js';

/** Forms of a document. */
export type DocumentForm = 'yaml' | 'json';
/** Media types of the forms (RFC 9512, RFC 8259). */
export const MEDIA_TYPES: Record<DocumentForm, string> = { yaml: 'application/yaml', json: 'application/json' };

type Objects = AsyncIterable<Exported> | Iterable<Exported>;

const YAML = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** The form that a client asks for: JSON if it accepts that and no YAML (RFC 9110, section 12.5.1). */
export function formFor(accept: string | undefined): DocumentForm {
  const types = (accept ?? '').toLowerCase();
  return types.includes('application/json') && !types.includes('yaml') ? 'json' : 'yaml';
}

/** Writes a document object by object, so that no more than one is in memory. */
export async function* documentText(
  form: DocumentForm,
  lists: Record<'gateways' | 'servers', Objects>,
): AsyncGenerator<string> {
  yield form === 'yaml' ? stringify({ apiVersion: API_VERSION }) : `{\n"apiVersion": ${JSON.stringify(API_VERSION)}`;
  for (const name of ['gateways', 'servers'] as const)
    yield* form === 'yaml' ? yamlList(name, lists[name]) : jsonList(name, lists[name]);
  if (form === 'json') yield '\n}\n';
}

async function* yamlList(name: string, objects: Objects): AsyncGenerator<string> {
  let isEmpty = true;
  for await (const each of objects) {
    yield (isEmpty ? `${name}:\n` : '') + stringify([each], YAML);
    isEmpty = false;
  }
  if (isEmpty) yield `${name}: []\n`;
}

async function* jsonList(name: string, objects: Objects): AsyncGenerator<string> {
  yield `,\n"${name}": [`;
  let separator = '\n';
  for await (const each of objects) {
    yield separator + JSON.stringify(each);
    separator = ',\n';
  }
  yield '\n]';
}
