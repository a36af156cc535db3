import { isObject } from '@lethe/mcp';
import type { Client } from '@modelcontextprotocol/client';
import type { ItemKind } from '../../../api/items.js';
import type { OfferedItem } from './trial.js';

/** All that a virtual server offers to this client, by kinds. */
export async function listAll(client: Client): Promise<OfferedItem[]> {
  const { tools, resources, prompts } = client.getServerCapabilities() ?? {};
  const offered: OfferedItem[] = [];
  if (tools) offered.push(...itemsOf('tool', 'name', (await client.listTools()).tools));
  if (resources) {
    offered.push(...itemsOf('resource', 'uri', (await client.listResources()).resources));
    const { resourceTemplates } = await client.listResourceTemplates();
    offered.push(...itemsOf('resourceTemplate', 'uriTemplate', resourceTemplates));
  }
  if (prompts) offered.push(...itemsOf('prompt', 'name', (await client.listPrompts()).prompts));
  return offered;
}

function itemsOf(kind: ItemKind, nameIn: string, definitions: readonly unknown[]): OfferedItem[] {
  return definitions.filter(isObject).flatMap((definition) => {
    const { [nameIn]: name, title, description } = definition;
    if (typeof name !== 'string') return [];
    return [{ kind, name, title: textOf(title), description: textOf(description), definition }];
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
