import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { REFUSAL } from '../../parts/refusal-texts.js';
import { missingCrypto } from '../../sealing/browser-crypto.js';
import { SealingRefused } from '../../sealing/sealing-refused.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import { Failed, Loading } from '../../ui/states.js';
import { ChangedKeys } from './changed-keys.js';
import { CredentialForm, type CredentialFormProps } from './credential-form.js';
import { partsOf } from './credential-parts.js';
import { CREDENTIAL } from './credential-texts.js';
import type { FlowProps } from './flow-props.js';
import { NoCrypto } from './no-crypto.js';
import styles from './register.module.css';
import { SlotFacts } from './slot-facts.js';
import { Steps } from './steps.js';
import { UrlShown } from './url-shown.js';
import { useVerification, type VerificationSteps, type Watched } from './use-verification.js';
import { VerificationResult } from './verification-result.js';

/** A verification from the reservation of its slot to its receipt. The form stays until what was typed has been taken. */
export function VerificationFlow(props: FlowProps): ReactNode {
  const { gateway, url, mappings, isNew } = props;
  const { text } = useFormats();
  const missing = useQuery({
    queryKey: ['missing-crypto'],
    queryFn: async () => ({ why: await missingCrypto() }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: false,
  });
  const steps = useVerification({ id: gateway.id, slug: gateway.slug, url });
  const [attempt, setAttempt] = useState(0);
  const { phase } = steps;
  const parts = partsOf(mappings);
  if (missing.data === undefined) return <Loading />;
  if (missing.data.why !== undefined)
    return <NoCrypto why={missing.data.why} slug={gateway.slug} mappings={mappings} />;
  const again = (): void => {
    setAttempt(attempt + 1);
    steps.leave();
  };
  const watched = phase.at === 'watching' ? phase.watched : undefined;
  return (
    <>
      {isNew && <Steps at={watched ? 'stepResult' : 'stepCredential'} />}
      {watched === undefined && (
        <Card title={text(CREDENTIAL.title)}>
          <div className={`${styles['stack'] ?? ''} ${styles['narrow'] ?? ''}`}>
            <UrlShown url={url} isForCredential />
            <BeforeSlot steps={steps} isOpen={parts.length === 0} />
            {((phase.at === 'open' && !phase.isMoved) || phase.at === 'sending') && <SlotFacts slot={phase.slot} />}
          </div>
        </Card>
      )}
      {parts.length > 0 && (
        // What was typed for one header is never sent as another one.
        <Typing
          key={`${attempt} ${JSON.stringify(parts)}`}
          {...{ steps, parts, watched }}
          tokenUrl={props.tokenUrl}
          onLeave={again}
        />
      )}
      {watched && <VerificationResult {...props} watched={watched} onAgain={again} />}
    </>
  );
}

/** The form, from the first slot on until what was typed is on its way for certain. */
function Typing({ watched, ...form }: CredentialFormProps & { watched: Watched | undefined }): ReactNode {
  const [isBegun, setBegun] = useState(false);
  if (!isBegun && form.steps.phase.at === 'open') setBegun(true);
  if (!isBegun || watched !== undefined) return null;
  return <CredentialForm {...form} />;
}

/** What there is to do while no slot is open. */
function BeforeSlot({ steps, isOpen }: { steps: VerificationSteps; isOpen: boolean }): ReactNode {
  const { text } = useFormats();
  const queries = useQueryClient();
  const { phase, open, runWithout } = steps;
  const begin = (): void => {
    void (isOpen ? runWithout() : open()).then(() => queries.invalidateQueries({ queryKey: ['verifications'] }));
  };
  if (phase.at === 'opening') return <Notice>{text(CREDENTIAL.opening)}</Notice>;
  if (phase.at === 'changed') return <ChangedKeys known={phase.known} shown={phase.shown} onCompared={steps.trust} />;
  if (phase.at === 'refused') {
    return <Refused error={phase.error} onAgain={begin} />;
  }
  if (phase.at !== 'idle') return null;
  return (
    <>
      <p>{text(isOpen ? CREDENTIAL.beginNoneText : CREDENTIAL.beginText)}</p>
      <Row>
        <Button look="primary" autoFocus onClick={begin}>
          {text(isOpen ? CREDENTIAL.beginNone : CREDENTIAL.begin)}
        </Button>
      </Row>
    </>
  );
}

function Refused({ error, onAgain }: { error: unknown; onAgain: () => void }): ReactNode {
  const { text } = useFormats();
  if (!(error instanceof SealingRefused)) {
    return <Failed error={error} title={text(CREDENTIAL.refusedTitle)} onAgain={onAgain} />;
  }
  return (
    <Notice
      tone="bad"
      title={text(CREDENTIAL.refusedTitle)}
      actions={<Button onClick={onAgain}>{text(CREDENTIAL.again)}</Button>}
    >
      <p>{text(REFUSAL[error.why])}</p>
    </Notice>
  );
}
