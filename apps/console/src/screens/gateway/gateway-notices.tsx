import type { ReactNode } from 'react';
import type { Gateway } from '../../api/gateways.js';
import { VerificationWarnings } from '../../parts/verification-warnings.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { GATEWAY } from './texts.js';

interface NoticesProps {
  gateway: Gateway;
  isEditor: boolean;
}

/** What of a gateway wants to be looked at, the most urgent first, each with what to do. */
export function GatewayNotices({ gateway, isEditor }: NoticesProps): ReactNode {
  const { text } = useFormats();
  const { slug, enabled, state, pendingRevision } = gateway;
  const verify = isEditor && (
    <ButtonLink to="/gateways/$ref/verify" params={{ ref: slug }}>
      {text(GATEWAY.verifyFirst)}
    </ButtonLink>
  );
  return (
    <>
      {!enabled && <Notice tone="bad">{text(GATEWAY.offText)}</Notice>}
      <ChangeNotices gateway={gateway} />
      {state === 'unverified' && (
        <Notice title={text(GATEWAY.unverifiedTitle)} actions={verify}>
          {text(GATEWAY.unverifiedText)}
        </Notice>
      )}
      {state === 'verified' && pendingRevision !== null && (
        <Notice tone="warn" title={text(GATEWAY.configTitle)} actions={verify}>
          {text(GATEWAY.configText)}
        </Notice>
      )}
      <VerificationWarnings warnings={gateway.warnings} />
    </>
  );
}

function ChangeNotices({ gateway }: { gateway: Gateway }): ReactNode {
  const { text, time } = useFormats();
  const { slug, reviewVerification, reviewPending, rejected, driftSuspected } = gateway;
  return (
    <>
      {reviewPending && reviewVerification !== null && (
        <Notice
          tone="warn"
          title={text(GATEWAY.pendingTitle)}
          actions={
            <ButtonLink to="/gateways/$ref/review/$vid" params={{ ref: slug, vid: reviewVerification }} look="primary">
              {text(GATEWAY.review)}
            </ButtonLink>
          }
        >
          {text(GATEWAY.pendingText, { ...reviewPending })}
        </Notice>
      )}
      {driftSuspected && (
        <Notice tone="warn" title={text(GATEWAY.suspectedTitle)}>
          {text(GATEWAY[`suspected_${driftSuspected.why}`], { time: time(driftSuspected.since) })}
        </Notice>
      )}
      {rejected && (
        <Notice
          actions={
            <ButtonLink to="/gateways/$ref/review/$vid" params={{ ref: slug, vid: rejected.verification }} isSmall>
              {text(GATEWAY.look)}
            </ButtonLink>
          }
        >
          {text(GATEWAY.rejectedText, { count: rejected.changes })}
        </Notice>
      )}
    </>
  );
}
