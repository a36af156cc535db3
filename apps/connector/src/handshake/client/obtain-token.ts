import type { ClientCredentials, HandshakeCode } from '@lethe/contracts';
import { TOKEN_ERRORS } from '@lethe/contracts';
import { guardedConnector } from '@lethe/egress';
import { isLegalHeaderValue, isObject, MAX_CREDENTIAL_BYTES, upstreamUrlProblem, waitSeconds } from '@lethe/mcp';
import { clientKey } from '@lethe/sealing';
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, request } from 'undici';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';
import type { HandshakeTask } from './handshake-task.js';
import { failureOf } from './network-error.js';
import { ByteBudget, decodeMessage, readText } from './response-body.js';
import { decodedBody, discard } from './response-head.js';
import type { SentRequests } from './sent-requests.js';
import { tokenRequest } from './token-request.js';

/** An access token, and everything secret that took part in its request. */
export interface ObtainedToken {
  token: string;
  secrets: string[];
}

/** What a failure of the connection means here. */
const CODES: Partial<Record<HandshakeCode, HandshakeCode>> = {
  address_forbidden: 'token_endpoint_forbidden',
  upstream_unreachable: 'token_endpoint_unreachable',
  upstream_closed: 'token_endpoint_unreachable',
  upstream_tls_failed: 'token_endpoint_tls_failed',
  upstream_too_large: 'token_response_invalid',
  upstream_protocol_error: 'token_response_invalid',
};

/**
 * Exchanges OAuth client credentials for an access token, with one request to the token endpoint. It goes through the same
 * guard as requests to upstreams; no redirect is followed.
 * @throws HandshakeFailure `token_endpoint_forbidden`, `token_endpoint_unreachable`, `token_endpoint_tls_failed`,
 * `token_endpoint_refused`, `token_response_invalid`, `token_not_bearer`
 */
export async function obtainToken(
  client: ClientCredentials,
  task: HandshakeTask,
  sent: SentRequests,
): Promise<ObtainedToken> {
  const timeoutMs = Math.floor(task.timeoutMs * HANDSHAKE_LIMITS.tokenShare);
  const deadline = AbortSignal.timeout(timeoutMs);
  const agent = agentFor(client.tokenUrl, task, timeoutMs);
  try {
    if (upstreamUrlProblem(client.tokenUrl, task.policy) !== undefined) throw new HandshakeFailure('address_forbidden');
    const { headers, body } = await tokenRequest(client, Math.floor(Date.now() / 1000));
    sent.add(client.tokenUrl);
    const common = { 'accept-encoding': 'identity', 'user-agent': 'lethe-connector' };
    const options = { dispatcher: agent, method: 'POST', headers: { ...common, ...headers }, body, signal: deadline };
    const token = await tokenIn(await request(client.tokenUrl, options));
    return { token, secrets: [token, ...secretsOf(client, headers)] };
  } catch (error) {
    throw ownFailure(deadline.aborted ? new HandshakeFailure('upstream_timeout') : error);
  } finally {
    await agent.destroy();
  }
}

function agentFor(url: string, { policy, tlsCa }: HandshakeTask, timeoutMs: number): Agent {
  // An authorization server of the same organization may have the same authority as its upstream; others have a public one.
  const authorities = tlsCa === undefined ? {} : { tlsCa: [...rootCertificates, tlsCa].join('\n') };
  return new Agent({
    connect: guardedConnector({ url, policy, ...authorities, timeoutMs, resumesTls: false }),
    connections: 1,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: HANDSHAKE_LIMITS.maxHeaderBytes,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-5 */
async function tokenIn(response: Dispatcher.ResponseData): Promise<string> {
  const { statusCode: httpStatus, headers } = response;
  const answer = await readAnswer(response);
  if (httpStatus >= 400) {
    const tokenError = TOKEN_ERRORS.find((name) => name === answer?.['error']);
    const retryAfterSeconds = waitSeconds(httpStatus, headers, Date.now());
    throw new HandshakeFailure('token_endpoint_refused', { httpStatus, tokenError, retryAfterSeconds });
  }
  const { access_token: token, token_type: type } = answer ?? {};
  if (httpStatus !== 200 || typeof token !== 'string' || typeof type !== 'string') {
    throw new HandshakeFailure('token_response_invalid', { httpStatus });
  }
  if (type.toLowerCase() !== 'bearer') throw new HandshakeFailure('token_not_bearer');
  const isSendable = token.length <= MAX_CREDENTIAL_BYTES && isLegalHeaderValue(token) && !token.includes(' ');
  if (!isSendable) throw new HandshakeFailure('token_response_invalid', { httpStatus });
  return token;
}

async function readAnswer(response: Dispatcher.ResponseData): Promise<Record<string, unknown> | undefined> {
  const count = new ByteBudget().startResponse();
  try {
    const answer = decodeMessage(await readText(decodedBody(response), count));
    return isObject(answer) ? answer : undefined;
  } finally {
    discard(response);
  }
}

/** An authorization server and its upstream may be one program, which may repeat these. */
function secretsOf(client: ClientCredentials, headers: Record<string, string>): string[] {
  const pair = headers['authorization']?.replace(/^Basic /, '');
  const { d } = clientKey(client)?.key.export({ format: 'jwk' }) ?? {};
  return [client.clientSecret, pair, d].filter((secret) => secret !== undefined);
}

function ownFailure(error: unknown): HandshakeFailure {
  const { code, detail } = failureOf(error);
  if (code === 'upstream_timeout') return new HandshakeFailure('token_endpoint_unreachable', { why: 'timeout' });
  return new HandshakeFailure(CODES[code] ?? code, detail);
}
