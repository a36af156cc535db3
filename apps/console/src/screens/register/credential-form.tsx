import { type ReactNode, type SubmitEvent, useRef, useState } from 'react';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { CheckField, SelectField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import type { SecretPart } from './credential-parts.js';
import { CREDENTIAL } from './credential-texts.js';
import styles from './register.module.css';
import { SecretFields } from './secret-fields.js';
import { type AuthorizationWay, type TypedProblem, typedCredential } from './typed-credential.js';
import { useSecondsLeft } from './use-seconds-left.js';
import type { VerificationSteps } from './use-verification.js';

/** What the form needs. */
export interface CredentialFormProps {
  steps: VerificationSteps;
  parts: readonly SecretPart[];
  /** The token endpoint that the probe has found. */
  tokenUrl: string | undefined;
  /** Gives up: what was typed is dropped, and the slot given back. */
  onLeave: () => void;
}

/**
 * The credential is typed here. Its fields belong to the browser alone: no state of React holds what is typed, and it is read once,
 * to be sealed. They are emptied as soon as it was sent.
 */
export function CredentialForm({ steps, parts, tokenUrl, onLeave }: CredentialFormProps): ReactNode {
  const { text } = useFormats();
  const form = useRef<HTMLFormElement>(null);
  const [way, setWay] = useState<AuthorizationWay>('token');
  const [isShown, setShown] = useState(false);
  const [problem, setProblem] = useState<TypedProblem>();
  const { phase } = steps;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const credential = typedCredential(parts, way, (field) => valueIn(form.current, field));
    if ('why' in credential) return setProblem(credential);
    setProblem(undefined);
    void steps.send(credential).then((isSent) => isSent && form.current?.reset());
  };
  const isBearer = parts.some(({ at }) => at === 'bearer');
  const fields = { parts, way, isShown, tokenUrl, problem };
  return (
    <Card>
      <form
        ref={form}
        className={`${styles['form'] ?? ''} ${styles['narrow'] ?? ''}`}
        onSubmit={submit}
        autoComplete="off"
        noValidate
      >
        {isBearer && (
          <SelectField
            label={text(CREDENTIAL.way)}
            value={way}
            choices={WAYS.map((value) => ({ value, label: text(CREDENTIAL[`way_${value}`]) }))}
            onValue={setWay}
          />
        )}
        <SecretFields {...fields} />
        <CheckField label={text(CREDENTIAL.show)} isOn={isShown} onValue={setShown} />
        {phase.at === 'open' && (
          <SlotEnd
            key={phase.slot.intended.vid}
            exp={phase.slot.offer.exp}
            isGone={phase.isGone}
            isMoved={phase.isMoved}
            onRenew={steps.open}
            onLeave={onLeave}
          />
        )}
        {phase.at === 'sending' && <Notice>{text(CREDENTIAL.sending)}</Notice>}
        <p className={styles['soft']}>{text(CREDENTIAL.honest)}</p>
      </form>
    </Card>
  );
}

const WAYS = ['token', 'client'] as const;

interface SlotEndProps {
  /** Epoch seconds. */
  exp: number;
  isGone: boolean;
  isMoved: boolean | undefined;
  onRenew: () => Promise<void>;
  onLeave: () => void;
}

/** How long the slot waits, and the button that ends its waiting; when it has ended, how to go on. */
function SlotEnd({ exp, isGone, isMoved, onRenew, onLeave }: SlotEndProps): ReactNode {
  const { text } = useFormats();
  const seconds = useSecondsLeft(exp);
  if (isGone || seconds === 0) {
    const renew = (
      <Button look="primary" onClick={() => void onRenew()}>
        {text(CREDENTIAL.renew)}
      </Button>
    );
    return (
      <Notice tone="warn" title={text(isMoved ? CREDENTIAL.movedTitle : CREDENTIAL.overTitle)} actions={renew}>
        <p>{text(isMoved ? CREDENTIAL.moved : CREDENTIAL.over)}</p>
      </Notice>
    );
  }
  return (
    <Row>
      <Button type="submit" look="primary">
        {text(CREDENTIAL.submit)}
      </Button>
      <Button onClick={onLeave}>{text(CREDENTIAL.leave)}</Button>
      <span role="timer" className={styles['soft']}>
        {text(CREDENTIAL.left, { seconds })}
      </span>
    </Row>
  );
}

function valueIn(form: HTMLFormElement | null, name: string): string {
  const field = form?.elements.namedItem(name);
  return field instanceof HTMLInputElement ? field.value : '';
}
