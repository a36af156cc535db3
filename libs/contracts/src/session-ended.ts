import { Matches } from 'class-validator';
import { SUBJECTS } from './subjects.js';

/** A client ended its session, so every proxy forgets the token. Only whoever has the token can make its digest. */
export class SessionEnded {
  static readonly subject = SUBJECTS.sessionEnded;

  /** SHA-256 of the session token, in base64. */
  @Matches(/^[A-Za-z0-9+/]{43}=$/) digest!: string;
}
