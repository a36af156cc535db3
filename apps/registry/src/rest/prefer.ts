const MAX_WAIT_SECONDS = 20;

/** How long a client is ready to wait, in milliseconds, by `Prefer: wait=20` (RFC 7240, section 4.3); 0 without it. */
export function preferredWaitMs(prefer: string | undefined): number {
  const wait = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/.exec(prefer ?? '')?.[1];
  return Math.min(Number(wait ?? 0), MAX_WAIT_SECONDS) * 1000;
}
