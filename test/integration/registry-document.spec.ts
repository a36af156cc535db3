import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnswerChecks, described } from '../support/openapi/check-answer.js';
import {
  type Document,
  type DocumentedOperation,
  operationsOf,
  readDocument,
  resolved,
  type Schema,
} from '../support/openapi/document.js';
import { echoes, incomplete, inParallel, refusals, unlimited } from '../support/openapi/findings.js';
import { mutations } from '../support/openapi/mutations.js';
import { RequestSender, type TestAnswer, type TestRequest } from '../support/openapi/request.js';
import { type PlannedRequest, toRequest, validRequests } from '../support/openapi/valid-requests.js';
import { ValidValues } from '../support/openapi/valid-values.js';
import { filledRegistry } from '../support/openapi/world.js';
import { isDatabaseAvailable } from '../support/database.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { verifies } from '../requirements.js';

const REQUESTS = Number(process.env['OPENAPI_REQUESTS'] ?? 5_200);
const SEED = Number(process.env['OPENAPI_SEED'] ?? 20_261_130);
const AT_ONCE = 8;
const TIMEOUT_MS = 240_000;

describe.skipIf(!isDatabaseAvailable('postgres'))('the admin API and its OpenAPI document', () => {
  let harness: RegistryHarness;
  let document: Document;
  let operations: DocumentedOperation[];
  let plans: fc.Arbitrary<PlannedRequest>;
  let sender: RequestSender;

  beforeAll(async () => {
    harness = await RegistryHarness.start('postgres');
    document = readDocument(await (await fetch(`${harness.url}/openapi.json`)).json());
    operations = operationsOf(document);
    sender = new RequestSender(harness.url);
    const values = new ValidValues(document, await filledRegistry(harness));
    const headers = {
      Prefer: fc.constantFrom('wait=0', 'respond-async'),
      'If-Match': fc.constantFrom('*', '"1"', '"1.a"'),
      'If-None-Match': fc.constantFrom('*', '"1"', 'W/"a", "b"'),
    };
    plans = fc.oneof(...operations.map((operation) => validRequests(operation, values, headers)));
  });
  afterAll(async () => {
    sender?.close();
    await harness?.stop();
  });

  /** Sends each request, and returns what is wrong with the answers. */
  const findingsOf = (
    requests: { operation: DocumentedOperation; request: TestRequest }[],
    check: (operation: DocumentedOperation, request: TestRequest, answer: TestAnswer) => string[],
  ): Promise<string[]> =>
    inParallel(requests, AT_ONCE, async ({ operation, request }) => {
      const answer = await sender.send(request);
      return check(operation, request, answer).map((problem) => `${problem}: ${described(request, answer)}`);
    });

  it('describes every operation in full, with each limit', () => {
    verifies('registry.document');
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids).toEqual([...new Set(ids)]);
    expect(operations.flatMap(incomplete)).toEqual([]);
    expect(Object.entries(document.components.schemas).flatMap(unlimited)).toEqual([]);
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
    expect(document.servers).toHaveLength(1);
  });

  it.each([
    ['RegisterGatewayDto', 'GatewayView'],
    ['CreateServerDto', 'ServerView'],
  ])('show all that was written: each member of %s is in %s', (dto, view) => {
    verifies('registry.document');
    const { schemas } = document.components;
    expect(notShown(document, schemas[dto] ?? {}, schemas[view] ?? {}, dto)).toEqual([]);
  });

  it('agree on requests that the document allows: none is refused for its form', { timeout: TIMEOUT_MS }, async () => {
    verifies('registry.document');
    const checks = new AnswerChecks(document);
    const requests = fc
      .sample(plans, { numRuns: Math.ceil(REQUESTS * 0.35), seed: SEED })
      .map((plan) => ({ operation: plan.operation, request: toRequest(plan, harness.admin.token) }));
    const succeeded = new Set<string>();
    const findings = await findingsOf(requests, (operation, _request, answer) => {
      if (answer.status < 400) succeeded.add(operation.operationId);
      return [...checks.problems(operation, answer), ...refusals(answer)];
    });
    expect(findings.slice(0, 10)).toEqual([]);
    // A sealed credential can't be guessed.
    const without = operations.map(({ operationId }) => operationId).filter((id) => !succeeded.has(id));
    expect(without).toEqual(['keepCredential', 'sendCredential']);
  });

  it('agree on requests that it does not allow: nothing fails or comes back', { timeout: TIMEOUT_MS }, async () => {
    verifies('registry.document');
    const checks = new AnswerChecks(document);
    const mutated = fc.tuple(plans, fc.array(mutations, { minLength: 1, maxLength: 2 }));
    const requests = fc.sample(mutated, { numRuns: Math.ceil(REQUESTS * 0.65), seed: SEED }).map(([plan, changes]) => {
      const request = changes.reduce((before, change) => change(before), toRequest(plan, harness.admin.token));
      return { operation: plan.operation, request };
    });
    const findings = await findingsOf(requests, (_operation, request, answer) => [
      ...(answer.status >= 500 ? [`a failure, ${answer.status}`] : undocumented(checks, request, answer)),
      ...echoes(answer),
    ]);
    expect(findings.slice(0, 10)).toEqual([]);
  });

  /** Method and path may be those of another operation now, or of none. */
  function undocumented(checks: AnswerChecks, { method, target }: TestRequest, answer: TestAnswer): string[] {
    const [path = ''] = target.split('?');
    if (!isDecodable(path)) return answer.status === 400 ? [] : ['not 400'];
    const here = operations.filter((each) => patternOf(each).test(path));
    const meant = here.find((each) => each.method === method);
    if (meant && answer.status !== 404) return checks.problems(meant, answer);
    if (method === 'HEAD' && answer.status < 400) return [];
    const wrongMethod = here.length > 0 && !meant && method !== 'HEAD' && answer.status !== 405;
    return [...(wrongMethod ? ['not 405'] : []), ...checks.problemsOfError(answer)];
  }
});

/** The members of a request, at any depth, that are missing from the view of what it made. */
function notShown(document: Document, asked: Schema, shown: Schema, at: string): string[] {
  const [request, view] = [asked, shown].map((each) => plain(document, each));
  if (request?.items) return notShown(document, request.items, view?.items ?? {}, `${at}[]`);
  return Object.entries(request?.properties ?? {}).flatMap(([name, member]) => {
    const seen = view?.properties?.[name];
    return seen ? notShown(document, member, seen, `${at}.${name}`) : [`${at}.${name}`];
  });
}

/** What a schema refers to; a nullable or described reference is one of several. */
function plain(document: Document, schema: Schema): Schema {
  const [inner] = schema.allOf ?? schema.oneOf ?? schema.anyOf ?? [];
  return inner === undefined ? resolved(document, schema) : plain(document, inner);
}

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

function patternOf({ path }: DocumentedOperation): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]{1,100}')}$`);
}
