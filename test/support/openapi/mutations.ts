import fc from 'fast-check';
import type { TestRequest } from './request.js';

/** Stands in every value that must not come back. */
export const CANARY = 'canary 7f3a';

/** Changes a valid request into one that is probably not. */
type Mutation = fc.Arbitrary<(request: TestRequest) => TestRequest>;
type Json = Record<string, unknown> | unknown[];

const MIB = 1024 * 1024;
const odd = fc.oneof(
  fc.constantFrom<unknown>(CANARY, [CANARY], { [CANARY]: CANARY }, null, true, -1, 1e308, 0.5, [], {}, '', '\u0000', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 30 }).map((any) => `${CANARY}${any}`),
  fc.integer({ min: 1, max: 12 }).map((size) => CANARY.repeat(4 ** Math.min(size, 6))),
  fc.integer({ min: 50, max: 3_000 }).map((depth) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown),
  fc.integer({ min: 50, max: 3_000 }).map((length) => Array.from({ length }, () => CANARY)),
  fc.jsonValue({ maxDepth: 3 }),
); // prettier-ignore
const names = fc.constantFrom('odd_field', 'Name', 'tag', CANARY, 'a'.repeat(65), '__proto', 'constructor', 'sk-live-1234567890abcdef', ''); // prettier-ignore
const methods = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'HEAD'); // prettier-ignore
const types = fc.constantFrom(
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'application/jose',
  'application/jsonx',
  '',
);
const texts = fc.constantFrom('', '{', '[]', '"x"', 'null', '1', `{"${CANARY}`, `name=${CANARY}`, '{"a":1}{', '{"__proto__":1}', '{"name":"\\u0000"}', '\ufeff{}', 'x'.repeat(2 * MIB), `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`); // prettier-ignore
const headers = fc.constantFrom<[string, string]>(
  ['authorization', `Bearer ${CANARY}`],
  ['authorization', 'Basic eA=='],
  ['authorization', ''],
  ['authorization', 'Bearer lethe_key_0123456789abcdef_0123456789abcdef0123456789abcdef01234567890'],
  ['idempotency-key', CANARY],
  ['idempotency-key', 'k'.repeat(200)],
  ['idempotency-key', 'always-the-same'],
  ['if-match', '"0"'],
  ['if-match', 'W/"1", "x'],
  ['if-none-match', '*'],
  ['if-none-match', CANARY],
  ['prefer', 'wait=x, respond-async'],
  ['prefer', `wait=0; ${CANARY}`],
  ['accept', 'image/png'],
  ['accept', CANARY],
  ['expect', '100-continue'],
  ['content-encoding', 'gzip'],
  ['x-forwarded-for', CANARY],
  ['range', 'bytes=0-1'],
);
const segments = fc.constantFrom('%00', '..', '%2e%2e', '%2F', '%', '%ff', 'a'.repeat(300), encodeURIComponent(CANARY), 'e%cc%81', '0', '-', 'null'); // prettier-ignore

const inBody: Mutation = fc.record({ at: fc.nat(), value: odd }).map(
  ({ at, value }) =>
    (request) =>
      changedBody(request, (body) => {
        const places = placesOf(body);
        const place = places[at % places.length];
        if (place) Reflect.set(place.owner, place.name, value);
      }),
);
const unknownField: Mutation = fc.record({ at: fc.nat(), name: names }).map(
  ({ at, name }) =>
    (request) =>
      changedBody(request, (body) => {
        const objects = [body, ...placesOf(body).map(({ owner }) => owner)].filter((each) => !Array.isArray(each));
        const target = objects[at % Math.max(objects.length, 1)];
        if (target) Object.defineProperty(target, name, { value: CANARY, enumerable: true, configurable: true });
      }),
);
const missingField: Mutation = fc.nat().map(
  (at) => (request) =>
    changedBody(request, (body) => {
      const places = placesOf(body);
      const place = places[at % places.length];
      if (place) Reflect.deleteProperty(place.owner, place.name);
    }),
);
const wholeBody: Mutation = texts.map((body) => (request) => ({ ...request, headers: { 'content-type': 'application/json', ...request.headers }, body })); // prettier-ignore
const otherType: Mutation = types.map((type) => (request) => ({ ...request, headers: { ...request.headers, 'content-type': type } })); // prettier-ignore
const otherHeader: Mutation = headers.map(([name, value]) => (request) => ({ ...request, headers: { ...request.headers, [name]: encodeURI(value) } })); // prettier-ignore
const noToken: Mutation = fc.constant(({ headers: { authorization: _, ...others }, ...request }) => ({ ...request, headers: others })); // prettier-ignore
const otherMethod: Mutation = methods.map((method) => (request) => ({ ...request, method }));
const otherPath: Mutation = fc.record({ segment: segments, at: fc.nat(6) }).map(({ segment, at }) => ({ target, ...request }) => {
  const parts = target.split('/');
  parts[1 + (at % parts.length)] = segment;
  return { ...request, target: parts.join('/') };
}); // prettier-ignore
const query: Mutation = fc
  .constantFrom('limit=0', 'limit=1001', 'limit=x', 'limit=', 'limit=1&limit=2', 'limit=1e2', 'cursor=', 'cursor=x&cursor=y', 'cursor=WzFd', `cursor=${encodeURIComponent(CANARY)}`, 'tag=1', 'force=yes', '%', '[a]=1', 'a[b]=1&a=2', `x=${'a'.repeat(9_000)}`)
  .map((added) => ({ target, ...request }) => ({ ...request, target: `${target}${target.includes('?') ? '&' : '?'}${added}` })); // prettier-ignore

/** Wrong types, unknown and missing fields, oversized and deep values, odd bodies, types, headers, methods and paths. */
export const mutations: Mutation = fc.oneof(
  { weight: 6, arbitrary: inBody },
  { weight: 4, arbitrary: unknownField },
  { weight: 2, arbitrary: missingField },
  { weight: 2, arbitrary: wholeBody },
  { weight: 2, arbitrary: otherType },
  { weight: 3, arbitrary: otherHeader },
  { weight: 1, arbitrary: noToken },
  { weight: 2, arbitrary: otherMethod },
  { weight: 2, arbitrary: otherPath },
  { weight: 2, arbitrary: query },
);

function changedBody(request: TestRequest, change: (body: Json) => void): TestRequest {
  const body = jsonOf(request.body ?? '{}');
  if (typeof body !== 'object' || body === null) return request;
  change(body as Json);
  const type = request.headers['content-type'] ?? 'application/json';
  return { ...request, headers: { ...request.headers, 'content-type': type }, body: JSON.stringify(body) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function placesOf(value: object, depth = 0): { owner: Json; name: string }[] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const inner = typeof member === 'object' && member !== null && depth < 20 ? placesOf(member, depth + 1) : [];
    return [{ owner: value as Json, name }, ...inner];
  });
}
