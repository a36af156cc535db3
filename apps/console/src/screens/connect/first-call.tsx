import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Call, newestCalls } from '../../api/activity.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { type Awaited, Checks } from './checks.js';
import styles from './connect.module.css';
import { FIRST_CALL } from './first-call-texts.js';
import { SeenCalls } from './seen-calls.js';

/** Proxies tell every five seconds. */
const EVERY_MS = 2_000;

/** Waits for the first call of the client, then tells how it went. */
export function FirstCall(props: Awaited): ReactNode {
  const { server, keyId } = props;
  const { calls, error, onAgain } = useNewCalls(server.slug, keyId);
  if (error && calls.length === 0) return <Failed error={error} onAgain={onAgain} />;
  if (calls.length === 0) return <Waiting {...props} />;
  return (
    <>
      <SeenCalls calls={calls} variables={props.variables} />
      <Next slug={server.slug} keyId={keyId} />
    </>
  );
}

function Waiting(props: Awaited): ReactNode {
  const { text } = useFormats();
  return (
    <>
      <div className={styles['waiting']} role="status">
        <span className={styles['pulse']} aria-hidden="true" />
        <strong>{text(FIRST_CALL.waiting)}</strong>
      </div>
      <p>{text(FIRST_CALL.waitingLead)}</p>
      <Checks {...props} />
    </>
  );
}

function Next({ slug, keyId }: { slug: string; keyId: string | undefined }): ReactNode {
  const { text } = useFormats();
  return (
    <Row>
      <ButtonLink to="/activity" search={{ server: slug, ...(keyId !== undefined && { key: keyId }) }}>
        {text(FIRST_CALL.activity)}
      </ButtonLink>
      <ButtonLink to="/try" search={{ server: slug }}>
        {text(FIRST_CALL.try)}
      </ButtonLink>
    </Row>
  );
}

/** Calls since this was shown, newest first. All calls of a key that was issued here are new. */
function useNewCalls(
  server: string,
  keyId: string | undefined,
): { calls: Call[]; error: Error | null; onAgain: () => void } {
  const filters = { server, ...(keyId !== undefined && { key: keyId }) };
  const { data, error, isFetchedAfterMount, refetch } = useQuery({
    ...newestCalls(filters),
    staleTime: 0,
    refetchInterval: EVERY_MS,
  });
  const [before, setBefore] = useState(keyId === undefined ? undefined : -1);
  // Only what was read since then can say what is new.
  if (before === undefined && isFetchedAfterMount && data) setBefore(data[0]?.id ?? -1);
  const calls = before === undefined ? [] : (data ?? []).filter(({ id }) => id > before);
  return { calls, error, onAgain: () => void refetch() };
}
