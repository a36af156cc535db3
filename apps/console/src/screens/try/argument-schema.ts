import type { JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { promptSchema, templateSchema } from '../../parts/schema/prompt-schema.js';
import type { OfferedItem } from './client/trial.js';

/** The schema of what an item takes; undefined for a resource, which takes nothing. */
export function argumentSchema({ kind, name, definition }: OfferedItem): JsonObject | undefined {
  switch (kind) {
    case 'tool':
      return isObject(definition['inputSchema']) ? definition['inputSchema'] : { type: 'object' };
    case 'prompt':
      return promptSchema(definition['arguments']);
    case 'resourceTemplate':
      return templateSchema(templateVariables(name));
    default:
      return undefined;
  }
}

/** Names of the variables of a URI template (RFC 6570, section 2.3), each once. */
export function templateVariables(template: string): string[] {
  const names = [...template.matchAll(/\{[+#./;?&]?([^{}]*)\}/g)].flatMap(([, list = '']) => list.split(','));
  return [...new Set(names.map((name) => name.replace(/(?:\*|:\d+)$/, '').trim()).filter((name) => name !== ''))];
}
