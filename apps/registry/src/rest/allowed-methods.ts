import { LetheError } from '@lethe/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** A path of the API as routes declare it, and the methods that it has. */
interface KnownPath {
  pattern: RegExp;
  methods: Set<string>;
}

/**
 * Answers a method that a path does not have with 405 and `Allow` (RFC 9110, section 15.5.6) instead of 404. Called before
 * there are routes.
 */
export function refuseOtherMethods(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const known = new Map<string, KnownPath>();
  fastify.addHook('onRoute', ({ url, method }) => {
    const path = known.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const each of [method].flat()) path.methods.add(each);
    known.set(url, path);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const allowed = request.is404 ? methodsAt([...known.values()], request.url) : [];
    if (allowed.length === 0 || allowed.includes(request.method)) return done();
    void reply.header('allow', allowed.join(', '));
    done(new LetheError('method_not_allowed'));
  });
}

function methodsAt(known: KnownPath[], url: string): string[] {
  const [path = ''] = url.split('?', 1);
  const here = known.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]);
  return [...new Set(here)].toSorted();
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part.replaceAll(/[.*+?^${}()|[\]\\]/g, (character) => (character === '*' ? '.*' : `\\${character}`));
  });
  return new RegExp(`^${parts.join('/')}/?$`);
}
