import { useEffect, useState } from 'react';

/** Seconds until a moment, whole and not below zero. @param exp epoch seconds */
export function useSecondsLeft(exp: number): number {
  const [nowMs, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, exp - Math.floor(nowMs / 1000));
}
