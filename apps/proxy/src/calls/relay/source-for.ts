import { clientCapabilitiesOf } from '../../protocol/envelope.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { sourceName } from '../../server-requests/attribution.js';

/**
 * The gateway's name to put in front of what a person is asked in the response to this call; undefined where the client
 * lets nobody be asked, or the virtual server has one gateway alone.
 */
export function sourceFor({ era, message, session, credentials }: UpstreamCall): string | undefined {
  const hasElicitation = era.allowsServerRequests
    ? session.offers('elicitation')
    : clientCapabilitiesOf(message)['elicitation'] !== undefined;
  return hasElicitation ? sourceName(credentials.access) : undefined;
}
