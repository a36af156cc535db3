import type { LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../session/session.js';
import { type Message, useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Card } from '../../ui/page.js';
import styles from './home.module.css';
import type { Step } from './steps.js';
import { HOME } from './texts.js';

interface Way {
  title: Message;
  how: Message;
  go: Message;
  to: LinkProps['to'];
}

const WAYS: Record<Step['name'], Way> = {
  registered: { title: HOME.registered, how: HOME.registeredHow, go: HOME.goRegister, to: '/gateways/register' },
  verified: { title: HOME.verified, how: HOME.verifiedHow, go: HOME.goVerify, to: '/gateways' },
  published: { title: HOME.published, how: HOME.publishedHow, go: HOME.goPublish, to: '/servers/new' },
  keyed: { title: HOME.keyed, how: HOME.keyedHow, go: HOME.goKey, to: '/keys' },
  called: { title: HOME.called, how: HOME.calledHow, go: HOME.goConnect, to: '/connect' },
};
const TICK = '✓';

/** The steps to the first call, each ticked by what the registry has. */
export function Checklist({ steps }: { steps: readonly Step[] }): ReactNode {
  const { text } = useFormats();
  return (
    <Card title={text(HOME.begin)}>
      <p className={styles['how']}>{text(HOME.beginLead)}</p>
      <ol className={styles['steps']}>
        {steps.map((step, index) => (
          <StepRow key={step.name} step={step} number={index + 1} />
        ))}
      </ol>
    </Card>
  );
}

function StepRow({ step, number }: { step: Step; number: number }): ReactNode {
  const { text } = useFormats();
  const mayChange = useMay('editor');
  const { title, how, go, to } = WAYS[step.name];
  const { isDone, isNext } = step;
  const state = isDone ? HOME.done : isNext ? HOME.next : HOME.open;
  return (
    <li className={`${styles['step'] ?? ''} ${isNext ? (styles['next'] ?? '') : ''}`}>
      <span className={`${styles['mark'] ?? ''} ${isDone ? (styles['ticked'] ?? '') : ''}`} aria-hidden>
        {isDone ? TICK : number}
      </span>
      <div>
        <h3>
          {text(title)}
          <span className="visually-hidden"> ({text(state)})</span>
        </h3>
        {!isDone && <p className={styles['how']}>{text(how)}</p>}
      </div>
      {isNext && (mayChange || step.name === 'called') && (
        <ButtonLink to={to} look="primary">
          {text(go)}
        </ButtonLink>
      )}
    </li>
  );
}
