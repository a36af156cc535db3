import { expect, it } from 'vitest';
import { isProblem, Problem } from './problem.js';

const answer = (body: unknown, status = 400, headers = {}) => new Response(JSON.stringify(body), { status, headers });

it('has the code, the fields and when to try again', async () => {
  const errors = [{ field: 'url', rule: 'must be a URL' }, { field: 1 }, 'x'];
  const body = { code: 'invalid_request', title: 'The request is not valid', errors, requestId: 'r' };
  const problem = await Problem.of(answer(body, 400, { 'retry-after': '7' }));
  expect(problem).toMatchObject({
    code: 'invalid_request',
    message: 'The request is not valid',
    fields: [{ field: 'url', rule: 'must be a URL' }],
    requestId: 'r',
    retryAfterSeconds: 7,
  });
  expect(isProblem(problem, 'invalid_request')).toBe(true);
});

it('has a code of its own where the answer is none of the registry', async () => {
  const ofProxy = await Problem.of(new Response('<html>Bad gateway</html>', { status: 502 }));
  expect([ofProxy.code, ofProxy.fields, ofProxy.retryAfterSeconds]).toEqual(['http_502', [], undefined]);
  expect((await Problem.of(answer([1], 500))).code).toBe('http_500');
});
