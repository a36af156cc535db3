import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Versioned } from '../../api/client.js';
import { type IssuedKey, type Key, oneKey } from '../../api/keys.js';
import { isProblem } from '../../api/problem.js';
import { SecretOnce } from '../../parts/secret-once.js';
import { useFormats } from '../../text/text.js';
import { Dialog } from '../../ui/dialog.js';
import { Shown } from '../../ui/states.js';
import { ChangeKey } from './change-key.js';
import { KeyFacts, type KeyStep } from './key-facts.js';
import { RevokeKey } from './revoke-key.js';
import { RotateKey } from './rotate-key.js';
import { KEYS } from './texts.js';

const TITLES = { change: KEYS.changeTitle, rotate: KEYS.rotateTitle, revoke: KEYS.revokeTitle };

interface KeyDialogProps {
  id: string;
  onClose: () => void;
}

/** One key: what is known of it, and what can be done with it. */
export function KeyDialog({ id, onClose }: KeyDialogProps): ReactNode {
  const { text } = useFormats();
  const key = useQuery(oneKey(id));
  const [step, setStep] = useState<KeyStep>('facts');
  const [issued, setIssued] = useState<IssuedKey>();
  const [isLeaving, setLeaving] = useState(false);
  const name = key.data?.value.name ?? id;
  if (issued) {
    return (
      <Dialog title={issued.name} onClose={() => setLeaving(true)}>
        <SecretOnce issued={issued} isLeaving={isLeaving} onStored={onClose} />
      </Dialog>
    );
  }
  if (isProblem(key.error, 'not_found')) {
    return (
      <Dialog title={text(KEYS.gone)} onClose={onClose}>
        <p>{text(KEYS.goneLead)}</p>
      </Dialog>
    );
  }
  return (
    <Dialog title={step === 'facts' ? name : text(TITLES[step], { name })} onClose={onClose}>
      <Shown query={key}>{(read) => <Step {...{ read, step, setStep, setIssued, onClose }} />}</Shown>
    </Dialog>
  );
}

interface StepProps {
  read: Versioned<Key>;
  step: KeyStep;
  setStep: (step: KeyStep) => void;
  setIssued: (key: IssuedKey) => void;
  onClose: () => void;
}

function Step({ read, step, setStep, setIssued, onClose }: StepProps): ReactNode {
  const back = (): void => setStep('facts');
  if (step === 'change') return <ChangeKey read={read} onDone={back} />;
  if (step === 'rotate') return <RotateKey current={read.value} onBack={back} onIssued={setIssued} />;
  if (step === 'revoke') return <RevokeKey read={read} onBack={back} onRevoked={onClose} />;
  return <KeyFacts current={read.value} onStep={setStep} />;
}
