import { hasCurrent, LetheError } from '@lethe/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { chooseCoding } from './choose-coding.js';
import type { ConsoleFile } from './console-files.js';
import { CONSOLE_HEADERS, consolePolicy } from './console-headers.js';

/** What the console is served with. */
export interface ServedConsole {
  /** By their paths below `/console/`. */
  files: ReadonlyMap<string, ConsoleFile>;
  /** URLs that a page with this `Host` connects to, besides its registry. */
  connectsTo: (host: string | undefined) => Promise<readonly (string | null | undefined)[]>;
}

type Request = FastifyRequest<{ Params: { '*': string } }>;

const HASHED = 'public, max-age=31536000, immutable';

/**
 * Serves the console at `/console/`, and leads there from `/`. Files whose names contain a digest of their content stay with
 * the browser; every other path is a view of the page itself. Nothing sets a cookie.
 */
export function serveConsole(fastify: FastifyInstance, console: ServedConsole): void {
  const lead = (_request: FastifyRequest, reply: FastifyReply) => reply.redirect('/console/', 307);
  fastify.get('/', lead);
  fastify.get('/console', lead);
  fastify.get('/console/*', async (request: Request, reply) => {
    const path = request.params['*'];
    const found = fileFor(path, request.headers.accept, console.files);
    // Also of an error: it is shown by a browser that was led here.
    void reply.headers(CONSOLE_HEADERS).header('content-security-policy', await policyFor(request, console));
    if (!found) throw new LetheError('not_found');
    return send(request, reply, found, path.startsWith('assets/') ? HASHED : 'no-cache');
  });
}

async function policyFor({ headers }: Request, { connectsTo }: ServedConsole): Promise<string> {
  return consolePolicy(await connectsTo(headers.host));
}

/**
 * The file at a path. A path of no file is a view of the page, which knows its own routes: `index.html`. But what looks like a
 * file and is asked for by something else than a browser's address bar is missing.
 */
function fileFor(
  path: string,
  accept: string | undefined,
  files: ReadonlyMap<string, ConsoleFile>,
): ConsoleFile | undefined {
  const file = files.get(path);
  const parts = path.split('/');
  if (file || path.startsWith('assets/') || parts.includes('..')) return file;
  const isNavigation = accept?.includes('text/html') ?? false;
  return parts.at(-1)?.includes('.') && !isNavigation ? undefined : files.get('index.html');
}

function send(request: Request, reply: FastifyReply, file: ConsoleFile, cacheControl: string): FastifyReply {
  const { type, digest, body, coded } = file;
  const coding = chooseCoding(request.headers['accept-encoding'], coded.keys());
  const etag = `"${digest}${coding === undefined ? '' : `-${coding}`}"`;
  void reply.headers({ 'cache-control': cacheControl, vary: 'Accept, Accept-Encoding', etag });
  if (hasCurrent(request.headers['if-none-match'], etag)) return reply.status(304).send();
  if (coding !== undefined) void reply.header('content-encoding', coding);
  return reply.type(type).send(coded.get(coding ?? '') ?? body);
}
