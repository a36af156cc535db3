import { type ProbeOrder, ProbeUpstream, type ProbeUpstreamReply } from '@lethe/contracts';
import { Responds } from '@lethe/messaging';
import { canonicalUrl, upstreamUrlProblem } from '@lethe/mcp';
import { Trust } from '@lethe/sealing';
import { Controller, Inject } from '@nestjs/common';
import { CONNECTOR_OPTIONS, type ConnectorOptions } from '../handshakes/connector-options.js';
import { ConnectorIdentity } from '../identity/connector-identity.js';
import { probe } from './probe.js';

/** Probes at the same time. */
const MAX_AT_ONCE = 4;

/** Answers requests for a probe that a registry has signed. There is no credential, so it needs no one-shot process. */
@Controller()
export class ProbeUpstreamResponder {
  private running = 0;

  constructor(
    @Inject(CONNECTOR_OPTIONS) private readonly options: ConnectorOptions,
    private readonly trust: Trust,
    private readonly identity: ConnectorIdentity,
  ) {}

  @Responds(ProbeUpstream)
  async probe({ order: jws }: ProbeUpstream): Promise<ProbeUpstreamReply> {
    const order = await this.trust.verify<ProbeOrder>('probeOrder', jws, { now: new Date() }).catch(() => undefined);
    if (order === undefined || !this.isAllowed(order)) return { status: 'order_refused' };
    if (this.running >= MAX_AT_ONCE) return { status: 'busy' };
    this.running += 1;
    try {
      const report = await probe(order, this.options.policy);
      return { status: 'answered', report: await this.identity.signer.sign('probeReport', report, new Date()) };
    } finally {
      this.running -= 1;
    }
  }

  private isAllowed({ url }: ProbeOrder): boolean {
    return upstreamUrlProblem(url, this.options.policy) === undefined && canonicalUrl(url) === url;
  }
}
