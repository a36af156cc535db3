import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Call, problemText } from '../../api/activity.js';
import type { Configuration } from '../../api/connect.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Moment } from '../../ui/moment.js';
import { Notice } from '../../ui/notice.js';
import { adviceOf, isPassing } from './advice.js';
import styles from './connect.module.css';
import { FIRST_CALL } from './first-call-texts.js';

/** Calls in sight. */
const MOST = 8;

interface SeenCallsProps {
  /** Newest first; at least one. */
  calls: readonly Call[];
  variables: Configuration['variables'];
}

/** The first calls of a client: whether it works, and what to do if not. */
export function SeenCalls({ calls, variables }: SeenCallsProps): ReactNode {
  const { text } = useFormats();
  const client = calls.find((call) => call.client !== null)?.client ?? text(FIRST_CALL.someClient);
  const failed = lastFailure(calls);
  return (
    <>
      {failed ? (
        <Notice tone="bad" title={text(FIRST_CALL.failing, { client })}>
          <Advice call={failed} variables={variables} />
        </Notice>
      ) : (
        <Notice tone="good" title={text(FIRST_CALL.connected, { client })}>
          <p>{text(FIRST_CALL.connectedLead)}</p>
        </Notice>
      )}
      <ol className={styles['calls']} aria-label={text(FIRST_CALL.calls)}>
        {calls.slice(0, MOST).map((call) => (
          <OneCall key={call.id} call={call} />
        ))}
      </ol>
    </>
  );
}

/** The newest failure, unless a later call to the same gateway went well. That the client connects again mends nothing. */
function lastFailure(calls: readonly Call[]): Call | undefined {
  const failed = calls.find(({ outcome }) => outcome !== 'ok' && !isPassing(outcome));
  const isMended = calls.some(
    ({ id, outcome, gateway }) => failed && id > failed.id && outcome === 'ok' && gateway === failed.gateway,
  );
  return isMended ? undefined : failed;
}

function OneCall({ call: { at, method, item, gateway, outcome, durationMs } }: { call: Call }): ReactNode {
  const { text } = useFormats();
  const tone = outcome === 'ok' ? 'good' : isPassing(outcome) ? 'neutral' : 'bad';
  return (
    <li className={styles['call']}>
      <Badge tone={tone}>{outcome}</Badge>
      <span className={styles['what']}>
        <code>{method}</code> {item} {gateway !== null && <span className={styles['hint']}>{gateway}</span>}
      </span>
      <span className={`${styles['hint'] ?? ''} ${styles['figures'] ?? ''}`}>
        <span>{text(FIRST_CALL.ms, { ms: durationMs })}</span>
        <Moment at={at} />
      </span>
    </li>
  );
}

function Advice({ call, variables }: { call: Call; variables: Configuration['variables'] }): ReactNode {
  const { text, list } = useFormats();
  const known = adviceOf(call.outcome);
  if (!known) return <CodeText code={call.outcome} />;
  const names = variables.map(({ name }) => name).filter((name) => name !== 'LETHE_KEY');
  return (
    <p>
      {text(known, {
        gateway: call.gateway ?? text(FIRST_CALL.theGateway),
        variables: names.length > 0 ? list(names) : text(FIRST_CALL.noVariables),
      })}
    </p>
  );
}

/** What the registry's own page says of a code. */
function CodeText({ code }: { code: string }): ReactNode {
  const { text } = useFormats();
  const { data } = useQuery(problemText(code));
  return <p>{data?.trim() ?? text(FIRST_CALL.other, { code })}</p>;
}
