import type { ItemKind } from '@lethe/contracts';
import { findServer } from '../registry/find-by-reference.js';
import { sizeResponse } from '../registry/responses.js';
import { columns, countText } from '../terminal/printable.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe size`. */
export interface SizeFlags extends CommonFlags {
  role?: string[];
  kind?: ItemKind;
  top: number;
}

const NOUNS: Readonly<Record<ItemKind, string>> = {
  tool: 'tool',
  prompt: 'prompt',
  resource: 'resource',
  resourceTemplate: 'resource template',
};

/** `lethe size <server>`: how much of a model's context the tools of a virtual server take. */
export async function showSize(context: RunContext, reference: string, flags: SizeFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { id, slug } = await findServer(client, reference, '<server>');
  const { role, kind = 'tool', top } = flags;
  const query = new URLSearchParams({ kind, limit: String(top), ...(role && { role: role.join(',') }) });
  const size = await client.request(sizeResponse, 'GET', `/servers/${encodeURIComponent(id)}/size?${query.toString()}`);
  terminal.printJson({ size });
  const whose = role ? ` for ${role.join(', ')}` : '';
  terminal.print(`${slug} has ${countText(size.total, NOUNS[kind])}${whose}: ${amount(size)}`);
  const gateways = size.gateways.map((one) => [`  ${one.gateway}`, countText(one.items, NOUNS[kind]), amount(one)]);
  if (gateways.length > 1) for (const line of columns(gateways)) terminal.print(line);
  if (size.items.length > 0) terminal.print(size.total > size.items.length ? 'The largest:' : 'Each of them:');
  for (const line of columns(size.items.map((one) => [`  ${one.exposed}`, one.gateway, amount(one)]))) {
    terminal.print(line);
  }
  if (kind === 'tool' && size.estimatedTokens > size.limitTokens) {
    terminal.note(
      `Warning: more than ${size.limitTokens} tokens; leave tools out with lethe edit ${slug} --hide <item>`,
    );
  }
}

function amount({ bytes, estimatedTokens }: { bytes: number; estimatedTokens: number }): string {
  return `about ${countText(estimatedTokens, 'token')} (${countText(bytes, 'byte')})`;
}
