import { KEY_VARIABLE, nameToSend, type NeededHeader, secretText, valueWith } from '@lethe/mcp';
import type { CliSettings } from '../settings/cli-settings.config.js';
import type { UpstreamOfServer } from './upstreams.js';

/** The headers of a call, and which variables could have held more of them. */
export interface CallerCredentials {
  headers: Record<string, string>;
  /** Headers that no variable holds a value for. */
  unset: NeededHeader[];
}

/** The caller's key, and a credential for each gateway, from the variables of the environment that `lethe connect` names. */
export function callerCredentials(
  upstreams: readonly UpstreamOfServer[],
  { secret }: Pick<CliSettings, 'secret'>,
): CallerCredentials {
  const key = secret(KEY_VARIABLE);
  const own: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  const needed = upstreams.flatMap(({ headers }) => headers);
  const sent = needed.flatMap((header) => {
    const value = secret(header.variable);
    return value === undefined ? [] : [[nameToSend(header), valueWith(header, value)] as const];
  });
  return {
    headers: { ...own, ...Object.fromEntries(sent) },
    unset: needed.filter(({ variable }) => secret(variable) === undefined),
  };
}

/** What to set for a header that is missing. */
export function missingText(header: NeededHeader): string {
  return `${header.variable}: ${secretText(header)}`;
}
