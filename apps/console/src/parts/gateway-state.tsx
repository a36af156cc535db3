import type { ReactNode } from 'react';
import type { Gateway } from '../api/gateways.js';
import { Badge } from '../ui/badge.js';
import { Row } from '../ui/page.js';
import { texts, useFormats } from '../text/text.js';

const STATE = texts('gatewayState', {
  verified: 'Verified',
  unverified: 'Not verified yet',
  pending: 'Changes to review',
  suspected: 'May have changed',
  off: 'Switched off',
});

/** The state of a gateway, and what of it wants to be looked at. */
export function GatewayState({ gateway }: { gateway: Gateway }): ReactNode {
  const { text } = useFormats();
  const isVerified = gateway.state === 'verified';
  return (
    <Row>
      <Badge tone={isVerified ? 'good' : 'neutral'}>{text(isVerified ? STATE.verified : STATE.unverified)}</Badge>
      {!gateway.enabled && <Badge tone="bad">{text(STATE.off)}</Badge>}
      {gateway.reviewPending && <Badge tone="warn">{text(STATE.pending)}</Badge>}
      {gateway.driftSuspected && <Badge tone="warn">{text(STATE.suspected)}</Badge>}
    </Row>
  );
}
