/** A shorter password or token would be found in texts that have nothing to do with it. */
const LEAST_CHARACTERS = 8;
/** Other headers and parameters may have a name of a tenant or a region beside the key. */
const LEAST_CHARACTERS_OF_OTHERS = 16;
/** A JSON text in a text of JSON. */
const MAX_ESCAPES = 2;

/**
 * What no response may have of a kept credential, as bytes: each value in the spellings in which a server would repeat what it has
 * received. An upstream that wants to tell it can still do so in a spelling of its own; this is against accidents.
 */
export function secretsIn(
  headers: readonly (readonly [name: string, value: string])[],
  parameters: readonly { readonly value: string }[],
): readonly Buffer[] {
  const values = [
    ...headers.flatMap(([name, value]) => (name === 'Authorization' ? ofAuthorization(value) : ofOther(value))),
    ...parameters.flatMap(({ value }) => ofOther(value).flatMap((each) => [each, encodeURIComponent(each)])),
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

function ofOther(value: string): string[] {
  const last = value.slice(value.lastIndexOf(' ') + 1);
  return [value, last].filter(({ length }) => length >= LEAST_CHARACTERS_OF_OTHERS);
}

/** As it is, and as it is in a JSON text, where some serializers escape slashes too. */
function inJson(text: string): string[] {
  const spellings = new Set([text, text.replaceAll('/', '\\/')]);
  for (let times = 0; times < MAX_ESCAPES; times += 1)
    for (const each of [...spellings]) spellings.add(JSON.stringify(each).slice(1, -1));
  return [...spellings];
}
