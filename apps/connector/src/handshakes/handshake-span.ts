import type { VerificationOrder } from '@lethe/contracts';
import type { Span, Tracer } from '@lethe/platform';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';

/**
 * Ends the span of a handshake. Its requests to the upstream have none: they are sent by a process that does nothing else.
 */
export function endHandshakeSpan(
  tracer: Tracer,
  span: Span,
  { vid, url }: VerificationOrder,
  outcome: HandshakeOutcome,
): void {
  const code = outcome.status === 'failed' ? outcome.code : undefined;
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  const form = tracer.form('internal', 'handshake', {
    'lethe.verification.id': vid,
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': port === '' ? usual : Number(port),
    'error.type': code,
  });
  tracer.end(span, form, { isError: code !== undefined });
}
