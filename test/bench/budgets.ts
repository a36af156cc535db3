/** A limit of one figure of `npm run bench`. */
export type Budget = { readonly about: string } & ({ readonly atMost: number } | { readonly atLeast: number });

/**
 * CPU of the bare relay per call on the machine that budgets in milliseconds were set for. In a loop of 32 connections that
 * keeps a relay busy, a call waits for the CPU time of 32: what is added to it is as slow as the machine.
 */
export const REFERENCE_MICROS = 57;

/** What the hot path may cost. Ratios are of CPU per call against the bare relay of the same round, at 32 connections. */
export const BUDGETS: Readonly<Record<string, Budget>> = {
  toolsCallLegacy: { atMost: 1.15, about: 'CPU per tools/call, legacy, against the bare relay' },
  toolsCallModern: { atMost: 1.15, about: 'CPU per tools/call, modern, against the bare relay' },
  sse: { atMost: 1.35, about: 'CPU per tools/call answered by a stream, the worse era, against the bare relay' },
  translatedSse: { atMost: 1.7, about: 'the same across the eras, the worse way' },
  translatedUpstreamRequests: { atMost: 1, about: 'requests to the upstream per call across the eras' },
  modernToLegacyP99: { atMost: 1.5, about: 'p99 of a modern client, legacy upstream, against a modern one' },
  legacyToModernP99: { atMost: 1.5, about: 'p99 of a legacy client, modern upstream, against a legacy one' },
  translated: { atMost: 1.7, about: 'CPU per call across the eras, the worse way, against the bare relay' },
  sdkBuiltAgainstLethe: { atLeast: 6, about: 'CPU per call of a relay built of the SDK, against Lethe' },
  tracedLegacyAgainstOff: {
    atMost: 1.15,
    about: 'CPU per tools/call with a trace of each, legacy, against traces off',
  },
  tracedModernAgainstOff: { atMost: 1.15, about: 'the same, modern' },
  tracedTranslatedAgainstOff: { atMost: 1.15, about: 'the same, across the eras, the worse way' },
  grantedLegacyAgainstOff: { atMost: 1.03, about: 'CPU per tools/call with 16 roles and limits, against none' },
  keptLegacyAgainstOwn: { atMost: 1.03, about: "CPU per tools/call with a kept credential, against the caller's own" },
  listRateAgainstCalls: { atLeast: 2, about: 'tools/list of 100 tools per second, against tools/call' },
  proxyLoaded: { atMost: 1.5, about: 'resident memory of a proxy alone under load, against the bare relay' },
  embeddedLoaded: { atMost: 2.5, about: 'resident memory of all services in one process under load, against the same' },
  addedP50MsOfReference: { atMost: 1, about: 'p50 over that of the bare relay, ms, on the reference machine' },
};

export function isMet(budget: Budget, value: number): boolean {
  return 'atMost' in budget ? value <= budget.atMost : value >= budget.atLeast;
}

export function limitOf(budget: Budget): string {
  return 'atMost' in budget ? `<= ${budget.atMost}` : `>= ${budget.atLeast}`;
}
