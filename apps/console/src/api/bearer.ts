/**
 * The administrator's token while the page is open: in this closure alone, in no storage and no cookie, so it is gone with
 * the page, and no other page can send it.
 */
let held: string | undefined;
let refused: () => void = () => undefined;

/** Holds a token for the requests that follow; undefined forgets it. */
export function holdBearer(token: string | undefined): void {
  held = token;
}

/** The `Authorization` of a request; undefined when signed out. */
export function authorization(): string | undefined {
  return held === undefined ? undefined : `Bearer ${held}`;
}

/** Says what to do when the registry refuses the token (401). */
export function onRefused(listener: () => void): void {
  refused = listener;
}

/** Tells that the registry has refused the token that a request had. */
export function noteRefused(sent: string | null): void {
  if (sent !== null && sent === authorization()) refused();
}
