import { IsIn, Matches, MaxLength } from 'class-validator';
import { MAX_MESSAGE_BYTES } from './define.js';
import { SUBJECTS } from './subjects.js';

/** What `Sealer` of @lethe/sealing makes: `v1.<kid>.<base64url>`. */
const SEALED = /^v1\.[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]+$/;

/** Whether the replica still waited for this answer. */
export class DeliverInputReply {
  @IsIn(['accepted', 'unknown'])
  status!: 'accepted' | 'unknown';
}

/**
 * Hands a client's answer to the replica of the proxy that asked for it, on the subject `inputSubject(replica)`. Only
 * proxies can open it.
 */
export class DeliverInput {
  static readonly subject = SUBJECTS.inputDeliver;
  static readonly reply = DeliverInputReply;

  @Matches(SEALED)
  @MaxLength(MAX_MESSAGE_BYTES)
  sealed!: string;
}

/** Tells all replicas of the proxy that a client cancelled a call; one of them may run it. Only proxies can open it. */
export class CallCancelled {
  static readonly subject = SUBJECTS.callCancelled;

  @Matches(SEALED)
  @MaxLength(MAX_MESSAGE_BYTES)
  sealed!: string;
}
