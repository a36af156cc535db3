import { rootCertificates } from 'node:tls';
import { type ClientCredentials, TOKEN_ERRORS } from '@lethe/contracts';
import { contentCodings, decoded, guardedConnector } from '@lethe/egress';
import {
  isLegalHeaderValue,
  isObject,
  MAX_CREDENTIAL_BYTES,
  nestsDeeperThan,
  parseJson,
  type UpstreamPolicy,
  upstreamUrlProblem,
  waitSeconds,
} from '@lethe/mcp';
import { Agent, type Dispatcher, request } from 'undici';
import { TokenFailure, tokenFailureOf } from './token-failure.js';
import { tokenRequest } from './token-request.js';

/** An access token. */
export interface ObtainedToken {
  token: string;
  /** For how long it is valid, counted from before its request; undefined if the authorization server does not say so. */
  lifeSeconds: number | undefined;
}

/** How a token endpoint is reached. Its URL is in the credential itself. */
export interface TokenDial {
  policy: UpstreamPolicy;
  /** PEM certificates of the gateway, which are trusted beside the system's. */
  tlsCa?: string;
  /** Longest time until the whole response is there. */
  timeoutMs: number;
  userAgent: string;
  signal?: AbortSignal;
  /** Called before the request is sent; not if the URL is not allowed. */
  onSend?: () => void;
}

const LIMITS = { responseBytes: 64 * 1024, headerBytes: 32 * 1024, depth: 32 };

/**
 * Exchanges OAuth client credentials for an access token, with one request to the token endpoint. It goes through the same
 * guard as requests to upstreams; no redirect is followed.
 * https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 * @throws TokenFailure
 */
export async function obtainToken(client: ClientCredentials, dial: TokenDial): Promise<ObtainedToken> {
  const { tokenUrl } = client;
  const deadline = AbortSignal.timeout(dial.timeoutMs);
  const signal = dial.signal ? AbortSignal.any([deadline, dial.signal]) : deadline;
  const agent = agentFor(tokenUrl, dial);
  try {
    if (upstreamUrlProblem(tokenUrl, dial.policy) !== undefined) throw new TokenFailure('token_endpoint_forbidden');
    const { headers, body } = await tokenRequest(client, Math.floor(Date.now() / 1000));
    dial.onSend?.();
    const common = { 'accept-encoding': 'identity', 'user-agent': dial.userAgent };
    const options = { dispatcher: agent, method: 'POST', headers: { ...common, ...headers }, body, signal } as const;
    return await tokenIn(await request(tokenUrl, options));
  } catch (error) {
    throw deadline.aborted ? new TokenFailure('token_endpoint_unreachable', { why: 'timeout' }) : tokenFailureOf(error);
  } finally {
    await agent.destroy();
  }
}

/** For one request: the next token is fetched much later. */
function agentFor(url: string, { policy, tlsCa, timeoutMs }: TokenDial): Agent {
  // An authorization server of the same organization may have the same authority as its upstream; others have a public one.
  const authorities = tlsCa === undefined ? {} : { tlsCa: [...rootCertificates, tlsCa].join('\n') };
  return new Agent({
    connect: guardedConnector({ url, policy, ...authorities, timeoutMs, resumesTls: false }),
    connections: 1,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: LIMITS.headerBytes,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-5 */
async function tokenIn(response: Dispatcher.ResponseData): Promise<ObtainedToken> {
  const { statusCode: httpStatus, headers } = response;
  const answer = await readAnswer(response);
  if (httpStatus >= 400) {
    const tokenError = TOKEN_ERRORS.find((name) => name === answer?.['error']);
    const retryAfterSeconds = waitSeconds(httpStatus, headers, Date.now());
    throw new TokenFailure('token_endpoint_refused', { httpStatus, tokenError, retryAfterSeconds });
  }
  const { access_token: token, token_type: type, expires_in: life } = answer ?? {};
  if (httpStatus !== 200 || typeof token !== 'string' || typeof type !== 'string') {
    throw new TokenFailure('token_response_invalid', { httpStatus });
  }
  if (type.toLowerCase() !== 'bearer') throw new TokenFailure('token_not_bearer');
  const isSendable = token.length <= MAX_CREDENTIAL_BYTES && isLegalHeaderValue(token) && !/^$| /.test(token);
  if (!isSendable) throw new TokenFailure('token_response_invalid', { httpStatus });
  return { token, lifeSeconds: secondsOf(life) };
}

/** Some authorization servers write the number as a string. */
function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** Undefined for what is no JSON object. */
async function readAnswer({ body, headers }: Dispatcher.ResponseData): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of decoded(body, contentCodings(headers['content-encoding']))) {
      length += chunk.length;
      if (length > LIMITS.responseBytes) throw new TokenFailure('token_response_invalid');
      chunks.push(chunk);
    }
  } finally {
    // Its body emits an error when it is cut off.
    body.on('error', () => undefined).destroy();
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const answer = nestsDeeperThan(text, LIMITS.depth) ? undefined : parseJson(text);
  return isObject(answer) ? answer : undefined;
}
