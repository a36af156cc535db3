import type { ToldOAuth } from '../mcp/upstreams.js';

/** A gateway of a virtual server that a person logs in for. */
export interface LoginTarget {
  /** URL of the virtual server. */
  server: string;
  /** Slug. */
  gateway: string;
  /** Where the person's token will go. */
  origin: string;
  /** How to get tokens for it, as Lethe has verified; undefined where nothing was told. */
  oauth?: ToldOAuth | undefined;
  /** Whether the token has to be bound to a key (RFC 9449). */
  isBound?: boolean | undefined;
}
