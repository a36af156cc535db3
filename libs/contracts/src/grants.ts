import type { ItemKind } from './catalogue.js';

/** The role of every caller that is let in. */
export const EVERYONE = '*';
/** Most roles that the grants of one virtual server may name, besides `EVERYONE`: a proxy keeps one bit for each. */
export const MAX_GRANT_ROLES = 31;
/** A role's name. */
export const ROLE = /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,63}$/;

/** Allows callers with a role to see and use items. Every member that is present restricts it; no grant takes anything away. */
export interface Grant {
  /** `*`: every caller. */
  role: string;
  kinds?: ItemKind[];
  /** Slugs. */
  gateways?: string[];
  /** Globs of exposed names and URIs. */
  names?: string[];
  /** Only what reads: tools whose verified definition says so, at gateways whose hints are trusted; resources and prompts. */
  readOnly?: true;
}

/** How often calls may be made: `calls` in `seconds`, at once at most `burst` (as `calls` when absent). */
export interface Rate {
  calls: number;
  seconds: number;
  burst?: number;
  /** Calls to one gateway at the same time. */
  concurrent?: number;
}

/** Limits for the tool calls of each caller of a virtual server, at each worker of a proxy. */
export interface ServerLimits {
  caller?: Rate;
  /** Globs of exposed names of tools. Each entry counts all its tools together. */
  tools?: { names: string[]; caller: Rate }[];
}

/** Limits for one gateway, at each worker of a proxy. */
export interface GatewayLimits {
  /** Calls at the same time, of all callers. */
  concurrent?: number;
  /** After so many failures in a row the gateway is not called for so long; 5 and 10 s when absent. */
  breaker?: { failures: number; openSeconds: number };
}

/** Where a caller's token has its roles. */
export interface TokenRoles {
  /** A claim, or a path of names with dots. Its value is a text, separated by spaces, or an array of texts. */
  claim: string;
  /** Claim value -> role. Values that are not in it are no roles; without it, every value is one. */
  map?: Record<string, string>;
}
