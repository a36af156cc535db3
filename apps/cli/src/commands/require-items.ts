import type { ItemKind } from '@lethe/contracts';
import { nearestWord } from '@lethe/mcp';
import type { IncludeValue, ItemName } from '../command-line/curation-values.js';
import { CliError, joinErrors } from '../errors/cli.error.js';
import { findGateway } from '../registry/find-by-reference.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { itemResponse, type ServerResponse } from '../registry/responses.js';

const LISTS: Readonly<Record<ItemKind, string>> = {
  tool: 'tools',
  prompt: 'prompts',
  resource: 'resources',
  resourceTemplate: 'resource-templates',
};

/**
 * Checks that gateways have these items, or that the virtual server lists them already. A misspelt name would be stored as one
 * of an item that may come later.
 * @throws CliError `not_found`, `item_unknown`
 */
export async function requireItems(
  client: RegistryClient,
  server: ServerResponse,
  items: readonly ItemName[],
): Promise<void> {
  const isListed = (item: ItemName): boolean =>
    server.items.some((pick) => pick.gateway === item.gateway && pick.kind === item.kind && pick.name === item.name);
  const lists = Map.groupBy(
    items.filter((item) => !isListed(item)),
    ({ gateway, kind }) => `/gateways/${encodeURIComponent(gateway)}/${LISTS[kind]}`,
  );
  const errors: CliError[] = [];
  for (const [path, wanted] of lists) {
    for (const { gateway } of wanted.slice(0, 1)) await findGateway(client, gateway, 'part of an item');
    const known = (await client.list(itemResponse, path)).map(({ name }) => name);
    const missing = wanted.filter(({ name }) => !known.includes(name));
    errors.push(...missing.map((item) => unknownItem(item, nearestWord(item.name, known))));
  }
  const [first, ...others] = errors;
  if (first) throw joinErrors(first, others);
}

/** Checks that these gateways exist. @throws CliError `not_found` */
export async function requireGateways(client: RegistryClient, rules: readonly IncludeValue[]): Promise<void> {
  for (const { gateway } of rules) await findGateway(client, gateway, '--include');
}

function unknownItem({ gateway, kind }: ItemName, near: string | undefined): CliError {
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  const notes = ['An item is named as its upstream names it, not as clients see it.'];
  return new CliError('refused', 'item_unknown', `${gateway} has no such ${kind}${hint}`, notes);
}
