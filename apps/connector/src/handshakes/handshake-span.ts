import type { VerificationOrder } from '@lethe/contracts';
import { SPAN_KIND, type SpanEnd } from '@lethe/platform';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';

/** A handshake as a span. Its own requests to the upstream have none: they are sent by a process that does nothing else. */
export function handshakeSpan({ vid, url }: VerificationOrder, outcome: HandshakeOutcome): SpanEnd {
  const code = outcome.status === 'failed' ? outcome.code : undefined;
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  return {
    kind: SPAN_KIND.internal,
    name: 'handshake',
    isError: code !== undefined,
    attributes: {
      'lethe.verification.id': vid,
      'server.address': hostname.replace(/^\[|\]$/g, ''),
      'server.port': port === '' ? usual : Number(port),
      'error.type': code,
    },
  };
}
