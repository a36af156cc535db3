import type { CallerEntry } from '@lethe/contracts';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** An identified caller of one virtual server. Every later step needs one. */
export class Caller {
  private constructor(
    /** `key:<id>`, `jwt:<iss>#<sub>`, or `open`. */
    readonly id: string,
    readonly server: VirtualServer,
    /** False for `open`, whose id identifies nobody. */
    readonly isIdentified: boolean,
  ) {}

  /** Returns the same object for the same virtual server, so that data about a caller can be cached by it. */
  static open(server: VirtualServer): Caller {
    return known(OPEN, server, server, () => new Caller('open', server, false));
  }

  /** Returns the same object for the same key and virtual server, until either of them changes. */
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
