import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Administrator, type IssuedAdministrator, oneAdministrator } from '../../api/administrators.js';
import type { Versioned } from '../../api/client.js';
import { isProblem } from '../../api/problem.js';
import { SecretOnce } from '../../parts/secret-once.js';
import { useFormats } from '../../text/text.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Moment } from '../../ui/moment.js';
import { Facts, Row } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { AdministratorState, At } from './administrators-table.js';
import styles from './administrators.module.css';
import { ChangeAdministrator } from './change-administrator.js';
import { RemoveAdministrator } from './remove-administrator.js';
import { RotateAdministrator } from './rotate-administrator.js';
import { ADMINS } from './texts.js';

type StepName = 'facts' | 'change' | 'rotate' | 'remove';
const TITLES = { change: ADMINS.changeTitle, rotate: ADMINS.rotateTitle, remove: ADMINS.removeTitle };

/** One administrator: what is known, and what can be done. */
export function AdministratorDialog({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const { text } = useFormats();
  const administrator = useQuery(oneAdministrator(id));
  const [step, setStep] = useState<StepName>('facts');
  const [issued, setIssued] = useState<IssuedAdministrator>();
  const [isLeaving, setLeaving] = useState(false);
  const name = administrator.data?.value.name ?? id;
  if (issued) {
    return (
      <Dialog title={issued.name} onClose={() => setLeaving(true)}>
        <SecretOnce issued={{ key: issued.token }} kind="token" isLeaving={isLeaving} onStored={onClose} />
      </Dialog>
    );
  }
  if (isProblem(administrator.error, 'not_found')) {
    return (
      <Dialog title={text(ADMINS.gone)} onClose={onClose}>
        <p>{text(ADMINS.goneLead)}</p>
      </Dialog>
    );
  }
  return (
    <Dialog title={step === 'facts' ? name : text(TITLES[step], { name })} onClose={onClose}>
      <Shown query={administrator}>
        {(read) => (
          <InFocus key={step}>
            <Step {...{ read, step, setStep, setIssued, onClose }} />
          </InFocus>
        )}
      </Shown>
    </Dialog>
  );
}

/** Takes the focus over, as the button that led to this step is gone. */
function InFocus({ children }: { children: ReactNode }): ReactNode {
  const start = useRef<HTMLDivElement>(null);
  useEffect(() => start.current?.focus(), []);
  return (
    <div ref={start} tabIndex={-1} className={styles['step']}>
      {children}
    </div>
  );
}

interface StepProps {
  read: Versioned<Administrator>;
  step: StepName;
  setStep: (step: StepName) => void;
  setIssued: (issued: IssuedAdministrator) => void;
  onClose: () => void;
}

function Step({ read, step, setStep, setIssued, onClose }: StepProps): ReactNode {
  const back = (): void => setStep('facts');
  if (step === 'change') return <ChangeAdministrator read={read} onDone={back} />;
  if (step === 'rotate') return <RotateAdministrator current={read.value} onBack={back} onIssued={setIssued} />;
  if (step === 'remove') return <RemoveAdministrator read={read} onBack={back} onRemoved={onClose} />;
  return <AdministratorFacts current={read.value} onStep={setStep} />;
}

interface AdministratorFactsProps {
  current: Administrator;
  onStep: (step: StepName) => void;
}

function AdministratorFacts({ current, onStep }: AdministratorFactsProps): ReactNode {
  const { text, time } = useFormats();
  const { id, name, role, previousTokenUntil, createdBy } = current;
  return (
    <>
      <Facts
        facts={[
          [text(ADMINS.state), <AdministratorState key="state" administrator={current} />],
          [text(ADMINS.role), text(ADMINS[role])],
          [text(ADMINS.ends), <At key="ends" time={current.expiresAt} />],
          [text(ADMINS.previousUntil), previousTokenUntil === null ? undefined : time(previousTokenUntil)],
          [text(ADMINS.used), <At key="used" time={current.lastUsedAt} />],
          [text(ADMINS.created), <Moment key="created" at={current.createdAt} />],
          [text(ADMINS.createdBy), createdBy?.name],
          [text(ADMINS.id), <code key="id">{id}</code>],
        ]}
      />
      <Row>
        <Button onClick={() => onStep('change')}>{text(ADMINS.change)}</Button>
        <Button onClick={() => onStep('rotate')}>{text(ADMINS.rotate)}</Button>
        <Button look="danger" onClick={() => onStep('remove')}>
          {text(ADMINS.remove)}
        </Button>
        <ButtonLink to="/audit" search={{ actor: id }}>
          {text(ADMINS.audit, { name })}
        </ButtonLink>
      </Row>
    </>
  );
}
