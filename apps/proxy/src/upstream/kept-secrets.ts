import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';

/** A shorter password or token would be found in texts that have nothing to do with it. */
const LEAST_CHARACTERS = 8;
/** Other headers and parameters may have the name of a tenant or a region beside the key. */
const LEAST_CHARACTERS_OF_OTHERS = 16;
/** Texts of JSON are often in texts of JSON. */
const MAX_ESCAPES = 2;

type Sent = Pick<UpstreamCredentials, 'headers' | 'query'>;

/** By the headers of what is kept, which are the same for all its requests. */
const known = new WeakMap<Sent['headers'], readonly Buffer[]>();

/**
 * What no response may have of a kept credential: each value in the spellings in which a server would repeat what it has received.
 * An upstream that wants to tell it can still do so in a spelling of its own; this is against accidents.
 */
export function secretsOf({ headers, query }: Sent): readonly Buffer[] {
  const found = known.get(headers) ?? secretsIn(headers, query);
  known.set(headers, found);
  return found;
}

function secretsIn(headers: Sent['headers'], query: string): Buffer[] {
  const values = [
    ...headers.flatMap(([name, value]) =>
      name.toLowerCase() === 'authorization' ? ofAuthorization(value) : ofOther(value),
    ),
    ...[...new URLSearchParams(query).values()].flatMap((value) => ofOther(value).flatMap(inUrl)),
  ];
  return [...new Set(values.flatMap(inJson))].map((text) => Buffer.from(text, 'utf8'));
}

/** RFC 9110, section 11.4: a scheme and what belongs to it. */
function ofAuthorization(value: string): string[] {
  const [scheme, credentials = ''] = value.split(' ', 2);
  const pair = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  const password = pair.slice(pair.indexOf(':') + 1);
  return [credentials, password].filter(({ length }) => length >= LEAST_CHARACTERS);
}

/** A scheme of the upstream's own may be before the key. */
function ofOther(value: string): string[] {
  const last = value.slice(value.lastIndexOf(' ') + 1);
  return [value, last].filter(({ length }) => length >= LEAST_CHARACTERS_OF_OTHERS);
}

function inUrl(value: string): string[] {
  return [value, encodeURIComponent(value)];
}

/** As it is, and as it is in a JSON text, where some serializers escape slashes too. */
function inJson(text: string): string[] {
  const spellings = new Set([text, text.replaceAll('/', '\\/')]);
  for (let times = 0; times < MAX_ESCAPES; times += 1)
    for (const each of [...spellings]) spellings.add(JSON.stringify(each).slice(1, -1));
  return [...spellings];
}
