import type { Overview } from '../../api/activity.js';

/** What a newcomer does, in this order. */
export const STEPS = ['registered', 'verified', 'published', 'keyed', 'called'] as const;

/** A step and whether it is done. */
export interface Step {
  name: (typeof STEPS)[number];
  isDone: boolean;
  /** Whether it is the first one that is not done. */
  isNext: boolean;
}

/** Which steps are done, by what the registry has. A call shows that all before it are: an open server needs no key. */
export function stepsOf({ gateways, servers, keys, wasCalled }: Overview): Step[] {
  const done = {
    registered: gateways.total > 0,
    verified: gateways.verified > 0,
    published: servers.published > 0,
    keyed: keys.active > 0 || wasCalled,
    called: wasCalled,
  };
  const next = STEPS.find((name) => !done[name]);
  return STEPS.map((name) => ({ name, isDone: done[name], isNext: name === next }));
}
