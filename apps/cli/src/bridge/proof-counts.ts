import { MAX_CREDENTIAL_BYTES, type RpcRequest } from '@lethe/mcp';
import { isModern } from './told-text.js';

/** What a request to Lethe is for, as far as it matters how many requests to an upstream it can become. */
export type RequestUse = 'call' | 'modern-call' | 'list' | 'stream' | 'notice' | 'end';

const post = (count: number): string[] => Array.from({ length: count }, () => 'POST');
const get = (count: number): string[] => Array.from({ length: count }, () => 'GET');

/**
 * HTTP methods of the proofs that go with one request; a proof is good for one request to the upstream. Without a session of the
 * client, Lethe opens one for a call (two requests), and ends it. A list has pages. A stream is opened again after it was cut.
 */
const METHODS: Readonly<Record<Exclude<RequestUse, 'modern-call'>, readonly string[]>> = {
  call: [...post(5), 'DELETE'],
  list: [...post(3), 'DELETE', ...post(8)],
  stream: [...post(3), ...get(3), 'DELETE', ...post(5)],
  notice: post(2),
  end: ['DELETE'],
};

/** A call that needs no session is one request. */
const ONE_REQUEST = post(1);

/**
 * Which proofs a request needs.
 * @param speaksModern whether the upstream speaks the modern era, and no other
 */
export function proofMethods(use: RequestUse, speaksModern: boolean): readonly string[] {
  if (use !== 'modern-call') return METHODS[use];
  return speaksModern ? ONE_REQUEST : METHODS.call;
}

/** The use of a request. */
export function useOf({ method, params }: Pick<RpcRequest, 'method' | 'params'>): RequestUse {
  if (method === 'subscriptions/listen') return 'stream';
  if (method.endsWith('/list')) return 'list';
  return isModern({ params }) ? 'modern-call' : 'call';
}

/**
 * Whether a request asks several upstreams and changes nothing. Its response leaves out an upstream that wants other proofs, so it
 * is repeated with those.
 */
export function asksSeveral({ method }: Pick<RpcRequest, 'method'>): boolean {
  return method === 'initialize' || method === 'subscriptions/listen' || method.endsWith('/list');
}

/** Proofs as one value of a header, as many as fit. */
export function proofHeader(proofs: readonly string[]): string {
  let value = '';
  for (const proof of proofs) {
    const longer = value === '' ? proof : `${value}, ${proof}`;
    if (longer.length > MAX_CREDENTIAL_BYTES) break;
    value = longer;
  }
  return value;
}
