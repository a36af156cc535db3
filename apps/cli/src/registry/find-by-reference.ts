import { nearestWord } from '@lethe/mcp';
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
  const known = (): Promise<GatewayResponse[]> => client.list(gatewayResponse, '/gateways');
  return explained(found, `No gateway has the slug or id given as ${given}`, reference, known);
}

/**
 * The virtual server with a slug or id that the user gave as `given`.
 * @throws CliError `not_found`, as for a gateway
 */
export function findServer(client: RegistryClient, reference: string, given: string): Promise<ServerResponse> {
  const found = client.request(serverResponse, 'GET', `/servers/${encodeURIComponent(reference)}`);
  const known = (): Promise<ServerResponse[]> => client.list(serverResponse, '/servers');
  return explained(found, `No virtual server has the slug or id given as ${given}`, reference, known);
}

async function explained<T>(
  found: Promise<T>,
  text: string,
  reference: string,
  known: () => Promise<{ slug: string }[]>,
): Promise<T> {
  return found.catch(async (error: unknown) => {
    if (!(error instanceof CliError) || error.code !== 'not_found') throw error;
    const near = nearestSlug(reference, await known().catch(() => []));
    throw new CliError(error.kind, error.code, `${text}${near}`, [...error.notes, 'To see all of them: lethe ls']);
  });
}

/** The gateway that has this canonical URL now, or after its next verification. */
export async function findByUrl(client: RegistryClient, url: string): Promise<GatewayResponse | undefined> {
  const gateways = await client.list(gatewayResponse, '/gateways');
  return gateways.find((gateway) => gateway.url === url || gateway.pending?.url === url);
}

/** The known slug that was probably meant, as the end of a message. */
export function nearestSlug(reference: string, known: readonly { slug: string }[]): string {
  const near = nearestWord(
    reference,
    known.map(({ slug }) => slug),
  );
  return near === undefined ? '' : `; did you mean ${near}?`;
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
