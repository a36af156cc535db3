import { IsArray, IsIn, IsInt, IsISO8601, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import type { NoticeContract, RequestContract } from './define.js';
import { BUCKETS, type Bucket } from './manifest.js';
import { SUBJECTS } from './subjects.js';

/** Count and hash of what is published, so that a proxy notices that it missed something. */
export class RoutesDigest {
  @IsInt() @Min(0) servers!: number;
  /** `routesHash` over `slug:revision` lines. */
  @IsString() serversHash!: string;
  @IsInt() @Min(0) callers!: number;
  /** `routesHash` over `keyId:revision` lines. */
  @IsString() callersHash!: string;
}
export const RoutesDigested: NoticeContract<RoutesDigest> = { subject: SUBJECTS.routesDigest, payload: RoutesDigest };

export class FetchRoutesRequest {
  @IsIn(Object.values(BUCKETS)) bucket!: Bucket;
  /** With the blocks bucket: the digests wanted; else a page after `cursor`. */
  @IsOptional() @IsArray() @IsString({ each: true }) keys?: string[];
  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

export class FetchRoutesReply {
  /** `[key, value]` pairs, at most one message long. */
  @IsArray() entries!: [string, string][];
  @IsOptional() @IsString() nextCursor?: string;
}
/** The published state by request, for a proxy that has lost the KV store. */
export const FetchRoutes: RequestContract<FetchRoutesRequest, FetchRoutesReply> = {
  subject: SUBJECTS.routesFetch,
  queue: 'lethe-registries',
  payload: FetchRoutesRequest,
  reply: FetchRoutesReply,
};

export class KeysUsed {
  @IsArray() @IsString({ each: true }) keyIds!: string[];
  @IsISO8601() at!: string;
}
export const KeysWereUsed: NoticeContract<KeysUsed> = { subject: SUBJECTS.keysUsed, payload: KeysUsed };

/** A connector's public identity and free slots; published at start and every 15 s. */
export class ConnectorAnnounced {
  @IsString() connector!: string;
  @IsString() kid!: string;
  /** JWK thumbprint (RFC 7638) of its signing key, what people pin. */
  @IsString() fingerprint!: string;
  @IsInt() @Min(0) freeSlots!: number;
  @IsInt() @Min(0) lentSlots!: number;
  @IsISO8601() at!: string;
}
export const ConnectorWasAnnounced: NoticeContract<ConnectorAnnounced> = {
  subject: SUBJECTS.connectorAnnounced,
  payload: ConnectorAnnounced,
};
