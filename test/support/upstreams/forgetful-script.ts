import { legacyScript, type LegacyScript } from './legacy-script.js';
import type { UpstreamScript } from './scripted-upstream.js';

/** A legacy server that can forget its sessions, as a restart does. */
export interface ForgetfulScript {
  script: UpstreamScript;
  /** The sessions that it knows; a test may clear them. */
  sessions: Set<string>;
}

/** @param unknown the answer to a request of a session that the server does not know */
export function forgetfulScript(
  unknown: UpstreamScript,
  offered: Omit<LegacyScript, 'sessionId'> = {},
): ForgetfulScript {
  const sessions = new Set<string>();
  let opened = 0;
  return {
    sessions,
    script: (exchange) => {
      const { request, message } = exchange;
      if (message.method === 'initialize') {
        const sessionId = `session-${++opened}`;
        sessions.add(sessionId);
        return legacyScript({ ...offered, sessionId })(exchange);
      }
      const id = String(request.headers['mcp-session-id']);
      if (!sessions.has(id)) return unknown(exchange);
      if (request.method === 'DELETE') sessions.delete(id);
      return legacyScript(offered)(exchange);
    },
  };
}
