import {
  failureFacts,
  type VerificationOrder,
  type OrderSubject,
  type ReceiptClaims,
  receiptFacts,
} from '@lethe/contracts';
import type { FinishedHandshake } from './finished-handshake.js';

/** The claims that this connector signs: the order it carried out, the origins it reached, the end of the process. */
export function receiptOf(finished: FinishedHandshake, connector: string): ReceiptClaims {
  const { order, slot, outcome, discovery, startedAt, end } = finished;
  const common = {
    order: subjectOf(order),
    connector,
    slot,
    origins: outcome.origins,
    requests: outcome.requests,
    ...(discovery.requests > 0 && { discovery }),
    startedAt: startedAt.toISOString(),
    finishedAt: end.at.toISOString(),
    slotEnd: { how: end.how, at: end.at.toISOString() },
  };
  if (outcome.status === 'failed') {
    const failure = failureFacts(outcome);
    return { ...common, outcome: 'failed', code: outcome.code, ...(failure && { failure }) };
  }
  return {
    ...common,
    outcome: 'verified',
    digest: outcome.digest,
    counts: outcome.counts,
    facts: receiptFacts(outcome.facts),
  };
}

function subjectOf(order: VerificationOrder): OrderSubject {
  const { vid, gatewayId, slug, url, transport, mappings, configRevision, attempt } = order;
  return { vid, gatewayId, slug, url, transport, mappings, configRevision, attempt };
}
