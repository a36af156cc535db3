import type { CallerEntry } from '@lethe/contracts';
import type { ServerRoutes } from '../routes/server-routes.js';

/** Who the proxy identified, on which virtual server. Everything after identification asks for one. */
export class Caller {
  private constructor(
    /** `key:<id>`, `jwt:<iss>#<sub>`, or `open`. */
    readonly id: string,
    readonly server: ServerRoutes,
    /** The id says who it is; `open` does not. */
    readonly isIdentified: boolean,
  ) {}

  static open(server: ServerRoutes): Caller {
    return new Caller('open', server, false);
  }

  static ofKey(server: ServerRoutes, entry: CallerEntry): Caller {
    return new Caller(`key:${entry.keyId}`, server, true);
  }

  static ofToken(server: ServerRoutes, claims: { iss: string; sub: string }): Caller {
    return new Caller(`jwt:${claims.iss}#${claims.sub}`, server, true);
  }
}
