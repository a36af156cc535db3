import {
  KEY_VARIABLE,
  nameToSend,
  neededHeaders,
  type NeededHeader,
  parseJson,
  secretText,
  valueWith,
} from '@lethe/mcp';
import { AUTH_SCHEMES } from '@lethe/contracts';
import { z } from 'zod';
import { CliError } from '../errors/cli.error.js';
import { exchange } from '../registry/exchange.js';
import { problemResponse } from '../registry/responses.js';
import type { CliSettings } from '../settings/cli-settings.config.js';
import type { Endpoint } from './endpoint.js';

const TIMEOUT_MS = 10_000;

const upstreamsResponse = z.looseObject({
  items: z.array(
    z.looseObject({
      gateway: z.string(),
      headers: z.array(
        z.looseObject({
          header: z.string(),
          short: z.string().optional(),
          scheme: z.enum(AUTH_SCHEMES).optional(),
          required: z.boolean(),
        }),
      ),
    }),
  ),
});

/** The headers of a call, and which variables could have held more of them. */
export interface CallerCredentials {
  headers: Record<string, string>;
  /** Headers that are required for a gateway, and whose variable is not set. */
  missing: NeededHeader[];
}

/**
 * Reads the caller's key, and a credential for each gateway of the virtual server, from variables of the environment: those
 * that `lethe connect` names.
 * @throws CliError `key_missing`, `proxy_unreachable`, and what the proxy answers
 */
export async function callerCredentials(
  { upstreams }: Endpoint,
  { secret }: Pick<CliSettings, 'secret'>,
): Promise<CallerCredentials> {
  const key = secret(KEY_VARIABLE);
  const own: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  const needed = await headersOf(upstreams, own, key === undefined);
  const sent = needed.flatMap((header) => {
    const value = secret(header.variable);
    return value === undefined ? [] : [[nameToSend(header), valueWith(header, value)] as const];
  });
  return {
    headers: { ...own, ...Object.fromEntries(sent) },
    missing: needed.filter(({ required, variable }) => required && secret(variable) === undefined),
  };
}

/** What to set for a header that is missing. */
export function missingText(header: NeededHeader): string {
  return `${header.variable}: ${secretText(header)}`;
}

async function headersOf(url: string, headers: Record<string, string>, isKeyless: boolean): Promise<NeededHeader[]> {
  const request = { method: 'GET', headers, body: undefined, timeoutMs: TIMEOUT_MS };
  const { status, text } = await exchange(url, request).catch(() => {
    // Such an error may quote headers, so it is not shown.
    throw new CliError('unreachable', 'proxy_unreachable', `The proxies do not answer at ${new URL(url).origin}`);
  });
  if (status === 401 && isKeyless) {
    const text401 = `This virtual server wants a caller's key, and ${KEY_VARIABLE} is not set`;
    throw new CliError('usage', 'key_missing', text401, ['Make one: lethe key <server>, then export it.']);
  }
  if (status !== 200) throw refused(status, text);
  const { items } = upstreamsResponse.parse(parseJson(text));
  const shortForm = items.flatMap(({ gateway, headers: own }) =>
    own.flatMap(({ header, short }) => (short === undefined ? [] : [[header, gateway] as const])),
  );
  const gateways = items.map(({ gateway, headers: own }) => ({ id: gateway, slug: gateway, passthroughHeaders: own }));
  return neededHeaders(gateways, Object.fromEntries(shortForm));
}

function refused(status: number, text: string): CliError {
  const { data: problem } = problemResponse.extend({ detail: z.string().optional() }).safeParse(parseJson(text));
  if (!problem) return new CliError('refused', `http_${status}`, `The proxies answered with HTTP ${status}`);
  return new CliError('refused', problem.code, problem.detail ?? problem.title ?? `HTTP ${status}`);
}
