import { modernServer } from '../../support/upstreams/modern-server.js';
import type { Upstream } from '../../support/upstreams/index.js';
import { conformanceServer } from './conformance-server.js';
import { type Eras, startEraSwitched } from './era-switched-upstream.js';

/** The upstream that the official suite is passed through to, in the eras asked for. */
export function startConformanceUpstream(eras: Eras): Promise<Upstream> {
  return startEraSwitched(eras, conformanceServer);
}

/** Another upstream beside it, whose names clash with none of its. */
export function startSecondUpstream(eras: Eras): Promise<Upstream> {
  return startEraSwitched(eras, () => modernServer('second'));
}
