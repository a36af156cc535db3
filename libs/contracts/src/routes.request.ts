import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { BUCKETS, type Bucket } from './manifest.js';
import { SUBJECTS } from './subjects.js';

/** Count and hash of the published state. A proxy compares them to notice that it missed an update. */
export class RoutesDigest {
  static readonly subject = SUBJECTS.routesDigest;

  @IsInt() @Min(0) servers!: number;
  /** `routesHash` over `slug:revision` lines. */
  @IsString() serversHash!: string;
  @IsInt() @Min(0) callers!: number;
  /** `routesHash` over `keyId:revision` lines. */
  @IsString() callersHash!: string;
  /** With credentials that proxies keep, deletions included. */
  @IsOptional() @IsInt() @Min(0) kept?: number;
  /** `routesHash` over `gatewayId:revision` lines. */
  @IsOptional() @IsString() keptHash?: string;
}

/** One page of the published state. */
export class FetchRoutesReply {
  /** `[key, value]` pairs, at most one message long. */
  @IsArray() entries!: [string, string][];
  @IsOptional() @IsString() nextCursor?: string;
}

/** Requests the published state, for a proxy that can't read it from the KV store. */
export class FetchRoutes {
  static readonly subject = SUBJECTS.routesFetch;
  static readonly queue = 'lethe-registries';
  static readonly reply = FetchRoutesReply;

  @IsIn(Object.values(BUCKETS)) bucket!: Bucket;
  /** The digests to fetch from the blocks bucket. Other buckets are read page by page, with `cursor`. */
  @IsOptional() @IsArray() @IsString({ each: true }) keys?: string[];
  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

/** What took effect at a proxy: published after each change, and without entries in response to each digest. */
export class RoutesApplied {
  static readonly subject = SUBJECTS.routesApplied;

  /** Id of the replica: the name of its host, `/`, and what is new at each start. */
  @IsString() @MaxLength(64) proxy!: string;
  /** `bucket key revision` of manifests, callers' entries and kept credentials. */
  @IsArray() @IsString({ each: true }) applied!: string[];
  /** In response to a digest that its routes match: their newest revision. All of them are in effect. */
  @IsOptional() @IsInt() @Min(0) confirmedRevision?: number;
  /** Its last notice. */
  @IsOptional() @IsBoolean() isLeaving?: boolean;
  /** Whether it applies grants; a proxy that does not serves everybody everything. False when absent. */
  @IsOptional() @IsBoolean() appliesGrants?: boolean;
  /** Whether it opens kept credentials, and so reports those that it has applied. False when absent. */
  @IsOptional() @IsBoolean() opensKept?: boolean;
}

/** Ids of the callers' keys that a proxy saw in the last minute. */
export class KeysUsed {
  static readonly subject = SUBJECTS.keysUsed;

  @IsArray() @IsString({ each: true }) keyIds!: string[];
  /** For each key the id of the virtual server that was called with it last. */
  @IsOptional() @IsArray() @IsString({ each: true }) serverIds?: string[];
  @IsISO8601() at!: string;
}

/** A connector's public identity and free slots; published at start and every 15 s. */
export class ConnectorAnnounced {
  static readonly subject = SUBJECTS.connectorAnnounced;

  @IsString() connector!: string;
  @IsString() kid!: string;
  /** JWK thumbprint (RFC 7638) of its signing key; people pin it. */
  @IsString() fingerprint!: string;
  @IsInt() @Min(0) freeSlots!: number;
  @IsInt() @Min(0) lentSlots!: number;
  @IsISO8601() at!: string;
}
