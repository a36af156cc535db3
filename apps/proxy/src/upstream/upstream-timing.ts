/** Time limits for upstreams, in milliseconds. The defaults are for production, tests shorten them. */
export interface UpstreamTiming {
  /** The opening of a session, its end, and each message of a client that is sent in it. */
  readonly sessionMs: number;
  /** Each step of an HTTP+SSE connection: the endpoint event, the response to `initialize`, any POST. */
  readonly sseStepMs: number;
  /** A whole live list. All upstreams are queried concurrently. */
  readonly liveListMs: number;
  /** How long a legacy client may take to answer what a modern upstream asks: a person may have to. */
  readonly inputMs: number;
}

/** The time limits for production. */
export const DEFAULT_UPSTREAM_TIMING: UpstreamTiming = {
  sessionMs: 5_000,
  sseStepMs: 5_000,
  liveListMs: 3_000,
  inputMs: 10 * 60_000,
};
