import {
  isObject,
  isTracestate,
  readTraceparent,
  type TraceContext,
  type TraceMeta,
  traceparentOf,
  withTraceMeta,
} from '@lethe/mcp';
import type { Span, Tracer } from '@lethe/platform';
import type { DecodedRequest } from '../request/mcp-request.js';
import { CallTrace } from '../request/call-trace.js';
import { CallFormCache } from './call-forms.js';
import { type CallFailure, clientEnd, serverEnd } from './call-spans.js';

/** The trace that a message continues. */
interface Origin {
  readonly parent: TraceContext | undefined;
  readonly state: unknown;
  readonly link: TraceContext | undefined;
}

/**
 * Makes the spans of messages when they have been answered: Lethe as the server of the client, and as the client of the
 * upstream. All that is done before is to choose their ids, because the upstream gets one of them.
 * https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/mcp.md
 */
export class CallTraces {
  private readonly forms: CallFormCache;

  constructor(private readonly tracer: Tracer) {
    this.forms = new CallFormCache(tracer);
  }

  /** Gives a message its trace, if it is sampled; the message of a call to an upstream then names Lethe's span as its parent. */
  begin(request: DecodedRequest): void {
    const { message, rule, startedAt } = request;
    if (message.kind === 'response' || !rule) return;
    const { parent, state, link } = originOf(request, message.params['_meta']);
    const server = this.tracer.begin(parent, startedAt);
    if (!server) return;
    const isForwarded = message.kind === 'request' && (rule.by === 'relay' || rule.by === 'complete');
    const client = isForwarded ? this.tracer.child(server, server.startedAt) : undefined;
    const toUpstream = client && toMeta(client, state);
    request.trace = new CallTrace(server, client, link, toUpstream);
    if (toUpstream && isForwarded) request.message = withTraceMeta(message, toUpstream) ?? message;
  }

  /** Ends the spans of a message. */
  end(request: DecodedRequest, trace: CallTrace, error: CallFailure, endedAt: number): void {
    const { client, server, link } = trace;
    const { rule, forwardedAt } = request;
    if (!rule) return;
    const forms = this.forms.of(request, rule);
    if (client && forms.client && forwardedAt !== undefined) {
      this.tracer.end(client, forms.client, clientEnd(trace, error), { startedAt: forwardedAt, endedAt });
    }
    const end = serverEnd(request, trace, error);
    this.tracer.end(server, forms.server, link ? { ...end, link } : end, { startedAt: server.startedAt, endedAt });
  }
}

/** The trace in the message has precedence over that of its HTTP request, which is linked then. */
function originOf({ headers }: DecodedRequest, given: unknown): Origin {
  const meta = isObject(given) ? given : {};
  const ofMessage = readTraceparent(meta['traceparent']);
  const ofHttp = readTraceparent(headers.get('traceparent'));
  if (!ofMessage) return { parent: ofHttp, state: ofHttp && headers.get('tracestate'), link: undefined };
  const isSame = ofHttp?.traceId === ofMessage.traceId && ofHttp.spanId === ofMessage.spanId;
  return { parent: ofMessage, state: meta['tracestate'], link: isSame ? undefined : ofHttp };
}

function toMeta(client: Span, state: unknown): TraceMeta {
  return { traceparent: traceparentOf(client), tracestate: isTracestate(state) ? state : undefined };
}
