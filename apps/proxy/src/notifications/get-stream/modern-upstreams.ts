import { META, ObjectText } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { Grant } from '../../credentials/upstream-access.js';
import { Lent } from '../../credentials/upstream-credentials.js';
import type { GatewayRoute } from '../../routes/table/gateway.js';
import type { SessionStream } from './session-stream.js';
import { editMeta } from '../../calls/translation/edit-params.js';
import { keepNews } from '../sources/resubscribe.js';
import { isEmpty, LIST_NAMES, tellable } from '../sources/subscription-filter.js';
import type { UpstreamNews } from '../sources/notification-source.js';

/**
 * News of modern upstreams on the stream of a legacy client's session: changes of their lists. Resources that are watched
 * are not among them: which they are would have to be remembered between requests.
 */
export class SessionNews {
  constructor(private readonly modern: UpstreamNews) {}

  /** For as long as the stream is open; one upstream that is away keeps nobody waiting. */
  open(stream: SessionStream): void {
    for (const gateway of stream.server.gateways.filter(({ era, closed }) => era === 'modern' && !closed)) {
      const wanted = tellable(gateway.capabilities, { lists: LIST_NAMES, uris: [] });
      const lent = isEmpty(wanted) ? undefined : lend(stream, gateway);
      if (!lent) continue;
      const heard = (_method: string, json: string): void => {
        stream.hear(gateway.slug, { kind: 'told', data: untagged(json) }, undefined);
      };
      void keepNews(this.modern, lent, wanted, heard, stream.signal).catch(() => undefined);
    }
  }
}

/** Undefined when a required credential is missing; what is wrong with a sent one is told. */
function lend({ exchange, caller }: SessionStream, gateway: GatewayRoute): Lent | undefined {
  try {
    return Lent.fromHeaders(exchange.headers, Grant.forGateway(caller, gateway));
  } catch (error) {
    if (error instanceof LetheError && error.code === 'credential_required') return undefined;
    throw error;
  }
}

/** Whose subscription it belongs to means nothing in the legacy era. */
function untagged(json: string): string {
  const message = new ObjectText(json);
  if (message.get('params') === undefined) return json;
  const params = message.object('params');
  const left = params.with({ _meta: editMeta(params, { [META.subscriptionId]: undefined }) });
  return message.with({ params: left === '{}' ? undefined : left });
}
