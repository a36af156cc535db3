import type { CallerEntry } from '@lethe/contracts';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** Who the proxy identified, on which virtual server. Everything after identification asks for one. */
export class Caller {
  private constructor(
    /** `key:<id>`, `jwt:<iss>#<sub>`, or `open`. */
    readonly id: string,
    readonly server: VirtualServer,
    /** The id says who it is; `open` does not. */
    readonly isIdentified: boolean,
  ) {}

  /** The same object for the same virtual server, so that what is known of a caller can be kept with it. */
  static open(server: VirtualServer): Caller {
    return known(OPEN, server, server, () => new Caller('open', server, false));
  }

  /** The same object for the same key and virtual server, as each of them is now. */
  static ofKey(server: VirtualServer, entry: CallerEntry): Caller {
    return known(BY_KEY, entry, server, () => new Caller(`key:${entry.keyId}`, server, true));
  }

  static ofToken(server: VirtualServer, claims: { iss: string; sub: string }): Caller {
    return new Caller(`jwt:${claims.iss}#${claims.sub}`, server, true);
  }
}

type Known = WeakMap<object, WeakMap<VirtualServer, Caller>>;
const OPEN: Known = new WeakMap();
const BY_KEY: Known = new WeakMap();

function known(callers: Known, who: object, server: VirtualServer, make: () => Caller): Caller {
  const onServers = callers.get(who);
  const before = onServers?.get(server);
  if (before) return before;
  const caller = make();
  if (onServers) onServers.set(server, caller);
  else callers.set(who, new WeakMap([[server, caller]]));
  return caller;
}
