import { type ReactNode, useEffect, useState } from 'react';
import { useFormats } from '../text/text.js';

const TICK_MS = 10_000;

/** A moment as `3 minutes ago`, with the exact time as title. It keeps up while it is in sight. */
export function Moment({ at }: { at: string }): ReactNode {
  const { since, time } = useFormats();
  const [nowMs, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  // What has happened since the last tick is now, and not to come.
  const momentMs = Date.parse(at);
  const isSinceTick = momentMs > nowMs && momentMs <= nowMs + TICK_MS;
  return (
    <time dateTime={at} title={time(at)}>
      {since(at, isSinceTick ? momentMs : nowMs)}
    </time>
  );
}
