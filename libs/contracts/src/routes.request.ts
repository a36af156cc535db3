import { IsArray, IsIn, IsInt, IsISO8601, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { BUCKETS, type Bucket } from './manifest.js';
import { SUBJECTS } from './subjects.js';

/** Count and hash of what is published: a proxy compares them to notice that it missed an update. */
export class RoutesDigest {
  static readonly subject = SUBJECTS.routesDigest;

  @IsInt() @Min(0) servers!: number;
  /** `routesHash` over `slug:revision` lines. */
  @IsString() serversHash!: string;
  @IsInt() @Min(0) callers!: number;
  /** `routesHash` over `keyId:revision` lines. */
  @IsString() callersHash!: string;
}

export class FetchRoutesReply {
  /** `[key, value]` pairs, at most one message long. */
  @IsArray() entries!: [string, string][];
  @IsOptional() @IsString() nextCursor?: string;
}

/** The published state by request, for a proxy that has lost the KV store. */
export class FetchRoutes {
  static readonly subject = SUBJECTS.routesFetch;
  static readonly queue = 'lethe-registries';
  static readonly reply = FetchRoutesReply;

  @IsIn(Object.values(BUCKETS)) bucket!: Bucket;
  /** With the blocks bucket: the digests wanted; else a page after `cursor`. */
  @IsOptional() @IsArray() @IsString({ each: true }) keys?: string[];
  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

/** Ids of the keys that a proxy saw in the last minute. */
export class KeysUsed {
  static readonly subject = SUBJECTS.keysUsed;

  @IsArray() @IsString({ each: true }) keyIds!: string[];
  @IsISO8601() at!: string;
}

/** A connector's public identity and free slots; published at start and every 15 s. */
export class ConnectorAnnounced {
  static readonly subject = SUBJECTS.connectorAnnounced;

  @IsString() connector!: string;
  @IsString() kid!: string;
  /** JWK thumbprint (RFC 7638) of its signing key, what people pin. */
  @IsString() fingerprint!: string;
  @IsInt() @Min(0) freeSlots!: number;
  @IsInt() @Min(0) lentSlots!: number;
  @IsISO8601() at!: string;
}
