import {
  beginsWithScheme,
  isLegalHeaderValue,
  nameToSend,
  type NeededHeader,
  neededHeaders,
  valueWith,
} from '@lethe/mcp';
import type { CallableServer } from '../../api/callable.js';
import type { Gateway } from '../../api/gateways.js';

/** What a person types, by the names of headers. It exists in the memory of this screen alone. */
export type Secrets = Readonly<Record<string, string>>;

/** The header by which a caller says who it is. */
export const CALLER = 'Authorization';

/** The headers that a caller may send to this virtual server for its gateways. Calls with a kept credential need none. */
export function headersFor({ credentials, shortForm }: CallableServer, gateways: readonly Gateway[]): NeededHeader[] {
  const called = gateways.filter(({ id, slug }) => {
    const use = credentials?.find(({ gateway }) => gateway === id || gateway === slug)?.use;
    return use !== 'kept';
  });
  return neededHeaders(called, shortForm);
}

/** Whether a person has to type the scheme, too: nothing else says which one it is. */
export function needsScheme({ header, scheme }: NeededHeader): boolean {
  return scheme === undefined && beginsWithScheme(header);
}

/** The headers with which requests go to the proxy. What is empty is not sent. */
export function headersWith(secrets: Secrets, needed: readonly NeededHeader[]): Record<string, string> {
  const caller = secrets[CALLER]?.trim() ?? '';
  const headers: Record<string, string> = caller === '' ? {} : { [CALLER]: `Bearer ${caller}` };
  for (const header of needed) {
    const secret = secrets[header.exact]?.trim() ?? '';
    if (secret !== '') headers[nameToSend(header)] = valueWith(header, secret);
  }
  return headers;
}

/** Names of fields with characters that no header may have. */
export function illegalIn(secrets: Secrets): string[] {
  return Object.entries(secrets).flatMap(([name, value]) =>
    isLegalHeaderValue(value.trim()) || value === '' ? [] : [name],
  );
}
