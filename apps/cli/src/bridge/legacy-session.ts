import type { IncomingMessage } from 'node:http';
import { isObject, parseJson, type RpcRequest } from '@lethe/mcp';
import type { Headers } from './lethe-connection.js';

/** Names the session of a message. */
export const SESSION_ID = 'Mcp-Session-Id';

/** What a client's session at Lethe consists of (MCP 2025-11-25, session management). */
export class LegacySession {
  private id: string | undefined;
  private version: string | undefined;

  /** @param initialize what the client began with; it begins with it again if Lethe forgets the session */
  constructor(readonly initialize: RpcRequest) {}

  /** The headers of every message after `initialize`. */
  get headers(): Headers {
    const { id, version } = this;
    return {
      ...(id !== undefined && { [SESSION_ID]: id }),
      ...(version !== undefined && { 'MCP-Protocol-Version': version }),
    };
  }

  /** Whether there is a session to end. */
  get isOpen(): boolean {
    return this.id !== undefined;
  }

  /** Whether the client opens URLs that it is asked to open. */
  get opensUrls(): boolean {
    return offersUrls(this.initialize.params['capabilities']);
  }

  /** Takes over what Lethe answered to `initialize`. After an error, the former session stays, for the next try. */
  opened({ headers }: IncomingMessage, json: string): void {
    const result = resultIn(json);
    if (!result) return;
    const { protocolVersion: version } = result;
    const id = headers['mcp-session-id'];
    if (typeof version === 'string') this.version = version;
    this.id = typeof id === 'string' ? id : undefined;
  }

  /** Whether this answer to `initialize` began a session. */
  isOpenedBy(json: string): boolean {
    return resultIn(json) !== undefined;
  }
}

function resultIn(json: string): Record<string, unknown> | undefined {
  const message = parseJson(json);
  return isObject(message) && isObject(message['result']) ? message['result'] : undefined;
}

/** Whether capabilities of a client say that it shows URLs to the person. */
export function offersUrls(capabilities: unknown): boolean {
  const elicitation = isObject(capabilities) ? capabilities['elicitation'] : undefined;
  return isObject(elicitation) && isObject(elicitation['url']);
}
