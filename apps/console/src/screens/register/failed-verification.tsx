import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Gateway } from '../../api/gateways.js';
import { deleteGateway } from '../../api/registration.js';
import type { Verification } from '../../api/verifications.js';
import { outcomeText } from '../../parts/verification-outcome.js';
import { type Message, useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { ADVICE } from './handshake-texts.js';
import styles from './register.module.css';
import { RESULT } from './result-texts.js';

interface FailedProps {
  gateway: Gateway;
  view: Verification;
  isNew: boolean;
  onAgain: () => void;
  onTakenBack: (() => void) | undefined;
  onOtherUrl: ((url: string) => void) | undefined;
}

/** A verification that ended without a catalogue: why, and what to do. */
export function FailedVerification(props: FailedProps): ReactNode {
  const { gateway, view, isNew, onAgain, onTakenBack, onOtherUrl } = props;
  const { text } = useFormats();
  const queries = useQueryClient();
  const takingBack = useMutation({
    mutationFn: () => deleteGateway(gateway.id),
    onSuccess: async () => {
      onTakenBack?.();
      await queries.invalidateQueries({ queryKey: ['gateways'] });
    },
  });
  const { code = '', httpStatus, retryAfterSeconds, pointer, tokenError, registerUrl } = view;
  const advice = Object.entries(ADVICE).find(([name]) => name === code)?.[1] ?? ADVICE.other;
  const notes = [
    httpStatus !== undefined && !TOLD.has(code) && text(RESULT.httpStatus, { status: httpStatus }),
    tokenError !== undefined && text(RESULT.tokenError, { error: tokenError }),
    retryAfterSeconds !== undefined && text(RESULT.retryAfter, { seconds: retryAfterSeconds }),
    pointer !== undefined && text(RESULT.pointer, { pointer }),
  ].filter((note) => note !== false);
  return (
    <Notice tone="bad" title={text(RESULT.failedTitle)}>
      <div className={styles['stack']}>
        <p>{[text(messageOf(view)), ...notes].join(' ')}</p>
        <p>{text(advice)}</p>
        {isNew && <p className={styles['soft']}>{text(RESULT.stays)}</p>}
        <Row>
          <Button look="primary" onClick={onAgain}>
            {text(RESULT.again)}
          </Button>
          {registerUrl !== undefined && onOtherUrl && (
            <Button onClick={() => onOtherUrl(registerUrl)}>{text(RESULT.otherUrl, { url: registerUrl })}</Button>
          )}
          {isNew && (
            <Button isBusy={takingBack.isPending} onClick={() => takingBack.mutate()}>
              {text(RESULT.takeBack)}
            </Button>
          )}
        </Row>
        {takingBack.error && <Failed error={takingBack.error} />}
      </div>
    </Notice>
  );
}

/** Codes that say their HTTP status themselves. */
const TOLD: ReadonlySet<string> = new Set(['credential_rejected', 'upstream_forbidden']);

function messageOf({ state, code }: Verification): Message {
  if (state === 'lost') return RESULT.state_lost;
  if (state === 'expired') return RESULT.state_expired;
  return state === 'cancelled' ? RESULT.state_cancelled : outcomeText({ state, code });
}
