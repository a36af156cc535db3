import { IsInt, Matches } from 'class-validator';
import { SUBJECTS } from './subjects.js';

/**
 * A client ended its session, and every proxy forgets the token. Names it by a digest: only who has the token can make one.
 */
export class SessionEnded {
  static readonly subject = SUBJECTS.sessionEnded;

  /** SHA-256 of the session token, in base64. */
  @Matches(/^[A-Za-z0-9+/]{43}=$/) digest!: string;
  /** When the token would have expired, in epoch seconds. */
  @IsInt() exp!: number;
}
