import { parseJson } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { findEither } from '../registry/find-either.js';
import { gatewayResponse, serverResponse } from '../registry/responses.js';
import { type CommonFlags, registryFor, type RunContext, servedSoon, terminalFor } from './run-context.js';

/** Fields of a gateway that take effect after a verification. */
const VERIFIED_FIELDS = ['url', 'transport', 'passthroughHeaders', 'tlsCa'];

/** One field of `lethe edit`, and its new value. */
export type FieldValue = [field: string, value: unknown];

/**
 * Reads `field=value`. A value that is JSON is taken as such; `field=` is the empty text, `field=null` removes it.
 * @throws CliError `command_line`, which does not repeat it
 */
export function fieldValue(text: string, earlier: FieldValue[] = []): FieldValue[] {
  const at = text.indexOf('=');
  if (at < 1 || !/^[A-Za-z]\w*$/.test(text.slice(0, at))) {
    throw new CliError('usage', 'command_line', 'Each change is written as field=value');
  }
  const value = text.slice(at + 1);
  return [...earlier, [text.slice(0, at), parseJson(value) ?? (value === 'null' ? null : value)]];
}

/** `lethe edit <gateway|server> field=value…`: changes one of them, unless somebody else has changed it meanwhile. */
export async function editOne(
  context: RunContext,
  reference: string,
  changes: readonly FieldValue[],
  flags: CommonFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { kind, path, etag } = await findEither(client, reference);
  const body = Object.fromEntries(changes);
  const schema = kind === 'gateway' ? gatewayResponse : serverResponse;
  const options = { body, ...(etag !== undefined && { ifMatch: etag }), ...servedSoon(terminal) };
  const changed = await client.request(schema, 'PATCH', path, options);
  const fields = changes.map(([field]) => field);
  terminal.print(`Changed ${fields.join(', ')} of ${changed.slug}.`);
  if (kind === 'gateway' && fields.some((field) => VERIFIED_FIELDS.includes(field))) {
    terminal.print(`This takes effect after a verification: lethe verify ${changed.slug}`);
  }
  terminal.printJson({ [kind]: changed });
}
