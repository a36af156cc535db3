import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { cancelVerification, hasEnded, oneVerification, type Verification } from '../../api/verifications.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { FailedVerification } from './failed-verification.js';
import type { FlowProps } from './flow-props.js';
import { HandshakeProgress } from './handshake-progress.js';
import { ReceiptCard } from './receipt-card.js';
import { RESULT } from './result-texts.js';
import type { Watched } from './use-verification.js';
import { Verified } from './verified.js';

/** What a result is shown with. */
export interface ResultProps extends FlowProps {
  watched: Watched;
  /** Begins a new verification. */
  onAgain: () => void;
}

/** The handshake as it runs, told by events or by asking, and its result. */
export function VerificationResult(props: ResultProps): ReactNode {
  const { watched } = props;
  const { gatewayId, vid } = watched.intended;
  const { text } = useFormats();
  const verification = useQuery(oneVerification(gatewayId, vid));
  return (
    <>
      {watched.isUncertain && verification.data === undefined && <Notice tone="warn">{text(RESULT.uncertain)}</Notice>}
      <Shown query={verification}>
        {(view) => (
          <>
            <Running {...props} view={view} />
            {hasEnded(view) && <Ended {...props} view={view} />}
          </>
        )}
      </Shown>
    </>
  );
}

function Running({ watched, view, onAgain }: ResultProps & { view: Verification }): ReactNode {
  const { text } = useFormats();
  const { gatewayId, vid } = watched.intended;
  const cancelling = useMutation({ mutationFn: () => cancelVerification(gatewayId, vid) });
  const waits = watched.isUncertain && view.state === 'awaiting_credential';
  return (
    <Card title={text(RESULT.progress)}>
      <HandshakeProgress view={view} isSealed={watched.sealedAt !== undefined} />
      {waits && (
        <Notice tone="warn" actions={<Button onClick={onAgain}>{text(RESULT.again)}</Button>}>
          <p>{text(RESULT.notArrived)}</p>
        </Notice>
      )}
      {view.state === 'running' && (
        <Row>
          <Button isSmall isBusy={cancelling.isPending} onClick={() => cancelling.mutate()}>
            {text(RESULT.cancel)}
          </Button>
        </Row>
      )}
    </Card>
  );
}

function Ended({ view, ...props }: ResultProps & { view: Verification }): ReactNode {
  const { gateway, isNew, onAgain, onTakenBack, onOtherUrl, watched } = props;
  return (
    <>
      {view.state === 'verified' ? (
        <Verified gateway={gateway} view={view} isNew={isNew} />
      ) : (
        <FailedVerification {...{ gateway, view, isNew, onAgain, onTakenBack, onOtherUrl }} />
      )}
      <ReceiptCard view={view} watched={watched} />
    </>
  );
}
