import { ArrayMaxSize, IsArray, IsOptional, Matches } from 'class-validator';
import { SUBJECTS } from './subjects.js';

/**
 * What a proxy may see of an upstream whose items have changed: it says so (`list_changed`), or it does not know an item that
 * is served (`unknown_item`).
 */
export const DRIFT_SIGNS = ['list_changed', 'unknown_item'] as const;
/** One of `DRIFT_SIGNS`. */
export type DriftSign = (typeof DRIFT_SIGNS)[number];

/** Gateways in one list of a notice at most. */
export const MAX_SEEN_GATEWAYS = 1_000;
const SLUG = /^[a-z0-9-]{1,24}$/;
const SLUG_AND_REVISION = /^[a-z0-9-]{1,24} \d{1,10}$/;

/**
 * What a proxy saw of gateways since its last notice, by their slugs. It costs no request to an upstream and needs no
 * credential; nothing that an upstream or a caller sent is in it.
 */
export class GatewaysSeen {
  static readonly subject = SUBJECTS.gatewaysSeen;

  /** Whose upstreams answered, also with a refusal such as 401. */
  @IsArray() @ArrayMaxSize(MAX_SEEN_GATEWAYS) @Matches(SLUG, { each: true }) answered!: string[];
  /** Whose upstreams could not be reached, or answered that they are not available. */
  @IsArray() @ArrayMaxSize(MAX_SEEN_GATEWAYS) @Matches(SLUG, { each: true }) failed!: string[];
  /** Whose upstreams announced that a list has changed. */
  @IsArray() @ArrayMaxSize(MAX_SEEN_GATEWAYS) @Matches(SLUG, { each: true }) listChanged!: string[];
  /** Whose upstreams do not know an item that is served. */
  @IsArray() @ArrayMaxSize(MAX_SEEN_GATEWAYS) @Matches(SLUG, { each: true }) unknownItem!: string[];
  /** Whose upstreams have rejected the credential that is kept for them: `slug revision`, the revision of the credential. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_SEEN_GATEWAYS)
  @Matches(SLUG_AND_REVISION, { each: true })
  keptRejected?: string[];
}
