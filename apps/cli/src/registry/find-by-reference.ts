import { CliError, joinErrors } from '../errors/cli.error.js';
import type { RegistryClient } from './registry-client.js';
import { type GatewayResponse, gatewayResponse, type ServerResponse, serverResponse } from './responses.js';

const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });
const ENDINGS: Record<string, string> = { one: 'st', two: 'nd', few: 'rd' };

/**
 * The gateway with a slug or id that the user gave as `given`, such as `<gateway>`.
 * @throws CliError `not_found`, which names `given` and not what was typed
 */
export function findGateway(client: RegistryClient, reference: string, given: string): Promise<GatewayResponse> {
  const found = client.request(gatewayResponse, 'GET', `/gateways/${encodeURIComponent(reference)}`);
  return explained(found, `No gateway has the slug or id given as ${given}`);
}

/**
 * The virtual server with a slug or id that the user gave as `given`.
 * @throws CliError `not_found`, as for a gateway
 */
export function findServer(client: RegistryClient, reference: string, given: string): Promise<ServerResponse> {
  const found = client.request(serverResponse, 'GET', `/servers/${encodeURIComponent(reference)}`);
  return explained(found, `No virtual server has the slug or id given as ${given}`);
}

async function explained<T>(found: Promise<T>, text: string): Promise<T> {
  return found.catch((error: unknown) => {
    if (!(error instanceof CliError) || error.code !== 'not_found') throw error;
    throw new CliError(error.kind, error.code, text, [...error.notes, 'To see all of them: lethe ls']);
  });
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
