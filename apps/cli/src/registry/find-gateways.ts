import { CliError, joinErrors } from '../errors/cli.error.js';
import type { RegistryClient } from './registry-client.js';
import { type GatewayResponse, gatewayResponse } from './responses.js';

const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });
const ENDINGS: Record<string, string> = { one: 'st', two: 'nd', few: 'rd' };

/**
 * The gateway with a slug or id that the user gave as `given`, such as `<gateway>`.
 * @throws CliError `not_found`, which names `given` and not what was typed
 */
export async function findGateway(client: RegistryClient, reference: string, given: string): Promise<GatewayResponse> {
  try {
    return await client.request(gatewayResponse, 'GET', `/gateways/${encodeURIComponent(reference)}`);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'not_found') throw error;
    const notes = [...error.notes, 'To see all gateways: lethe ls'];
    throw new CliError(error.kind, error.code, `No gateway has the slug or id given as ${given}`, notes);
  }
}

/**
 * The gateways with these slugs or ids, the values of one flag.
 * @throws CliError `not_found`, which names the position of each that is none
 */
export async function findGateways(
  client: RegistryClient,
  references: readonly string[],
  flag: string,
): Promise<GatewayResponse[]> {
  const errors: CliError[] = [];
  const found = await Promise.all(
    references.map((reference, index) => {
      const given = references.length === 1 ? flag : `the ${ordinal(index + 1)} value of ${flag}`;
      return findGateway(client, reference, given).catch((error: unknown) => {
        if (!(error instanceof CliError)) throw error;
        errors[index] = error;
      });
    }),
  );
  const [first, ...others] = errors.filter((error) => error !== undefined);
  if (first) throw joinErrors(first, others);
  return found.filter((gateway) => gateway !== undefined);
}

function ordinal(position: number): string {
  return `${position}${ENDINGS[ORDINALS.select(position)] ?? 'th'}`;
}
