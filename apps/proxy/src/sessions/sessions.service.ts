import { LetheError } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import type { Caller } from '../callers/caller.js';
import type { Call } from '../exchange/call.js';
import type { HeaderView } from '../exchange/header-view.js';
import { Session } from './session.js';
import { openSession } from './session-token.js';

/** Opens what a legacy client carries instead of a session kept here. */
export class SessionsService {
  constructor(private readonly sealer: Sealer) {}

  /** @throws LetheError `session_unknown`, which makes a client start anew */
  open(headers: HeaderView, call: Call): Session {
    const token = call.era.era === 'legacy' && !isInitialize(call) ? headers.get('mcp-session-id') : undefined;
    if (token !== undefined) return this.continue(token, call.caller, call.version);
    return new Session(call.version, undefined, boundTo(call.caller, ''));
  }

  /** @throws LetheError `session_unknown` */
  continue(token: string | undefined, caller: Caller, version: string): Session {
    const claims = openSession(this.sealer, token ?? '', caller, Math.floor(Date.now() / 1000));
    if (!claims) throw new LetheError('session_unknown');
    return new Session(version, claims, boundTo(caller, token ?? ''));
  }
}

function boundTo(caller: Caller, token: string): string[] {
  return [caller.server.id, caller.id, token];
}

function isInitialize({ message }: Call): boolean {
  return message.kind === 'request' && message.method === 'initialize';
}
