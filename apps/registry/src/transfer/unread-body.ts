import type { IncomingMessage } from 'node:http';
import { LetheError } from '@lethe/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DOCUMENT_LIMITS } from './document.js';
import { MEDIA_TYPES } from './write-document.js';

/** Reads a body that is still on its way. */
export type UnreadBody = () => Promise<string>;

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * Leaves documents unread until the administrator is known: they may be longer than other bodies. On the routes of documents,
 * JSON is read as the YAML that it is.
 */
export function acceptDocuments(app: NestFastifyApplication, paths: readonly string[]): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    const isJson = JSON_TYPE.test(headers['content-type'] ?? '');
    if (isJson && paths.includes(request.routeOptions.url ?? '')) headers['content-type'] = MEDIA_TYPES.yaml;
    done();
  });
  fastify.addContentTypeParser(MEDIA_TYPES.yaml, (_request, payload, done) => {
    const body: UnreadBody = () => textOf(payload);
    done(null, body);
  });
}

/** Whether a body was left unread. */
export function isUnread(body: unknown): body is UnreadBody {
  return typeof body === 'function';
}

/** @throws LetheError `payload_too_large`; `invalid_request` for what is not UTF-8 */
async function textOf(payload: IncomingMessage): Promise<string> {
  const chunks = await chunksOf(payload);
  if (chunks === undefined) {
    // Node.js reads the rest only of a body of which nothing was read, and the next request on this connection is behind it.
    payload.resume();
    throw new LetheError('payload_too_large');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new LetheError('invalid_request', { errors: [{ field: '*', rule: 'utf8' }] });
  }
}

/** The whole body; undefined if it is too long. */
async function chunksOf(payload: IncomingMessage): Promise<Buffer[] | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The connection stays, for the answer to a body that is too long.
  for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > DOCUMENT_LIMITS.maxBytes) return undefined;
    chunks.push(chunk);
  }
  return chunks;
}
