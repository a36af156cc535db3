import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { unreadable } from '../support/contracts/can-read.js';
import { golden } from '../support/contracts/golden-files.js';
import { type RestOperation, restOperations } from '../support/contracts/rest-shape.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

/** Changes that are allowed all the same, each with its reason: by the beginning of the line. */
const ALLOWED: Record<string, string> = {
  'GET /v1/servers/{ref}: answer 200: leftOut[].kind: is required':
    'a wrong document: it was absent too when a whole gateway was left out',
  'GET /v1/servers/{ref}: answer 200: leftOut[].own: is required': 'as `kind`',
};

const WHAT_TO_DO =
  'Programs that were written for the last release break. Keep the path or member, and add another one beside it ' +
  '(docs/operations/upgrade.md#contracts)';

let harness: RegistryHarness;
beforeAll(async () => {
  harness = await RegistryHarness.start('embedded');
});
afterAll(() => harness?.stop());

/** Why a client of the last release can't use an operation of today. */
function broken(name: string, released: RestOperation, today: RestOperation | undefined): string[] {
  if (!today) return [`${name}: is gone`];
  const answers = Object.entries(released.responses).flatMap(([status, shape]) => {
    const now = today.responses[status];
    if (now === undefined) return [`status ${status}: is gone`];
    return unreadable(now, shape, { acceptsNewValues: true }).map((problem) => `answer ${status}: ${problem}`);
  });
  const asked = [
    ...unreadable(released.parameters, today.parameters, { isStrict: true }),
    ...unreadable(released.request, today.request, { isStrict: true }),
  ];
  return [...asked.map((problem) => `request: ${problem}`), ...answers].map((problem) => `${name}: ${problem}`);
}

it('the admin API answers programs that were written for the last release', async () => {
  verifies('upgrade.rest-compatible');
  const today = restOperations(await (await fetch(`${harness.url}/openapi.json`)).json());
  const released = golden('rest', () => today);
  expect(Object.keys(released).length).toBeGreaterThan(20);
  const problems = Object.entries(released).flatMap(([name, operation]) => broken(name, operation, today[name]));
  const isAllowed = (problem: string) => Object.keys(ALLOWED).some((start) => problem.startsWith(start));
  expect(problems.filter((problem) => !isAllowed(problem)).map((problem) => `${problem}. ${WHAT_TO_DO}`)).toEqual([]);
});

it('a change of the admin API that breaks programs is found', () => {
  verifies('upgrade.rest-compatible');
  const released = {
    parameters: { 'path id': 'string' },
    request: { name: 'string', kind: '? "a" | "b"' },
    responses: { 200: { id: 'string', state: '"on" | "off"' } },
  };
  const changed = (part: Partial<RestOperation>) => broken('GET /a', released, { ...released, ...part });
  expect(broken('GET /a', released, undefined)).toEqual(['GET /a: is gone']);
  expect(changed({ request: { name: 'string' } })).toEqual(['GET /a: request: kind: is unknown, and refused']);
  expect(changed({ request: { ...released.request, more: 'string' } })).toHaveLength(1);
  expect(changed({ request: { ...released.request, kind: '? "a"' } })).toHaveLength(1);
  expect(changed({ parameters: { 'path id': 'string', 'query at': 'string' } })).toHaveLength(1);
  expect(changed({ responses: { 200: { state: '"on" | "off"' } } })).toHaveLength(1);
  expect(changed({ responses: {} })).toEqual(['GET /a: status 200: is gone']);
  expect(changed({ responses: { 200: { id: 'string', state: '"on" | "off" | "new"', more: 'string' } } })).toEqual([]);
  expect(changed({ request: { ...released.request, more: '? string' } })).toEqual([]);
});
