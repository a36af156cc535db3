import type { ReactNode } from 'react';
import type { Gateway } from '../../api/gateways.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Row } from '../../ui/page.js';
import { GATEWAYS } from './texts.js';

/** The state of a gateway, and what of it wants to be looked at. */
export function GatewayState({ gateway }: { gateway: Gateway }): ReactNode {
  const { text } = useFormats();
  const isVerified = gateway.state === 'verified';
  return (
    <Row>
      <Badge tone={isVerified ? 'good' : 'neutral'}>{text(isVerified ? GATEWAYS.verified : GATEWAYS.unverified)}</Badge>
      {!gateway.enabled && <Badge tone="bad">{text(GATEWAYS.off)}</Badge>}
      {gateway.reviewPending && <Badge tone="warn">{text(GATEWAYS.pending)}</Badge>}
      {gateway.driftSuspected && <Badge tone="warn">{text(GATEWAYS.suspected)}</Badge>}
    </Row>
  );
}
