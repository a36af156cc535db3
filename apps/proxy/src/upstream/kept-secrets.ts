import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';

/** A shorter password or token would be found in texts that have nothing to do with it. */
const LEAST_CHARACTERS = 8;
/** Other headers and parameters may have the name of a tenant or a region beside the key. */
const LEAST_CHARACTERS_OF_OTHERS = 16;
/** Texts of JSON are often in texts of JSON. */
const MAX_ESCAPES = 2;

/** What serializers of JSON write as `\u` and four hex digits, beside what all of them escape. */
const ESCAPES_BY_CODE = [
  // Python, and PHP.
  { characters: /[\u0080-\uffff]/g, isUpper: false },
  // Go, and Ruby on Rails.
  { characters: /[<>&]/g, isUpper: false },
  // .NET: plus signs are in every other key of base64.
  { characters: /\\"|[&'+<>`\u007f-\uffff]/g, isUpper: true },
];

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
  return [...new Set(values.flatMap(inJson))].map(ownBytes);
}

/** In memory of its own: in a pool of Node.js it would stay for as long as anything else that is there. */
function ownBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** RFC 9110, section 11.4: a scheme and what belongs to it. Some upstreams take a key without any scheme. */
function ofAuthorization(value: string): string[] {
  const at = value.indexOf(' ');
  const credentials = value.slice(at + 1).trimStart();
  const isBasic = at !== -1 && value.slice(0, at).toLowerCase() === 'basic';
  const pair = isBasic ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  const password = pair.slice(pair.indexOf(':') + 1);
  return [credentials, password].filter(({ length }) => length >= LEAST_CHARACTERS);
}

/** A scheme of the upstream's own may be before the key. */
function ofOther(value: string): string[] {
  const last = value.slice(value.lastIndexOf(' ') + 1);
  return [value, last].filter(({ length }) => length >= LEAST_CHARACTERS_OF_OTHERS);
}

/** As it was sent, in small letters too, and as forms write it (application/x-www-form-urlencoded). */
function inUrl(value: string): string[] {
  const encoded = [encodeURIComponent(value), new URLSearchParams({ '': value }).toString().slice(1)];
  return [value, ...encoded, ...encoded.map((text) => text.replace(/%../g, (code) => code.toLowerCase()))];
}

/** As it is, and as it is in a JSON text of any serializer, also in one that another text has. */
function inJson(text: string): string[] {
  const spellings = new Set([text]);
  for (let times = 0; times < MAX_ESCAPES; times += 1)
    for (const each of [...spellings]) for (const escaped of escapedForms(each)) spellings.add(escaped);
  return [...spellings];
}

function escapedForms(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const byCode = ESCAPES_BY_CODE.map(({ characters, isUpper }) =>
    escaped.replace(characters, (found) => codeOf(found.slice(-1), isUpper)),
  );
  // Slashes, too: PHP.
  return [escaped, escaped.replaceAll('/', '\\/'), ...byCode];
}

function codeOf(character: string, isUpper: boolean): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${isUpper ? code.toUpperCase() : code}`;
}
