import {
  PROBE_TIMEOUT_MS,
  type ProbeOrder,
  type ProbeReport,
  ProbeUpstream,
  type ProbeUpstreamReply,
} from '@lethe/contracts';
import { RequestClient, RequestFailed } from '@lethe/messaging';
import { LetheError, nowSeconds, Settings } from '@lethe/platform';
import { SealingError, type Stamped, Trust } from '@lethe/sealing';
import { Inject, Injectable } from '@nestjs/common';
import { registrableUrl } from '../gateways/gateway-rules.js';
import type { ProbeDto } from './probe.dto.js';
import { ProbePace } from './probe-pace.js';

const BUSY_SECONDS = 2;

/** Has connectors look at URLs without a credential. Nothing is stored. */
@Injectable()
export class ProbesService {
  private readonly pace = new ProbePace();

  constructor(
    private readonly requests: RequestClient,
    private readonly trust: Trust,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  /** @throws LetheError `url_forbidden`, `too_many_probes`, `no_connector`, `bus_unavailable`, `bus_captured` */
  async probe(administrator: string, { url, transport = 'auto' }: ProbeDto): Promise<ProbeReport> {
    const order = { url: registrableUrl(url, this.settings.allowedUpstreams), transport, exp: expiry() };
    const waitSeconds = this.pace.begin(administrator, Date.now());
    if (waitSeconds !== undefined) throw tooMany(waitSeconds);
    try {
      return await this.answered(order, await this.send(order));
    } finally {
      this.pace.end(administrator);
    }
  }

  private async send(order: ProbeOrder): Promise<ProbeUpstreamReply> {
    const signed = await this.trust.registrySigner().sign('probeOrder', order, new Date());
    const request = Object.assign(new ProbeUpstream(), { order: signed });
    try {
      return await this.requests.request(ProbeUpstream, request, { timeoutMs: PROBE_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.reason === 'disconnected') throw new LetheError('bus_unavailable');
      throw new LetheError(error.reason === 'invalid_reply' ? 'bus_captured' : 'no_connector');
    }
  }

  private async answered(order: ProbeOrder, { status, report }: ProbeUpstreamReply): Promise<ProbeReport> {
    if (status === 'busy') throw tooMany(BUSY_SECONDS);
    if (status !== 'answered' || report === undefined) throw new LetheError('no_connector', { reason: status });
    try {
      const { iat: _iat, ...claims } = await this.trust.verify<ProbeReport & Stamped>('probeReport', report);
      if (claims.url === order.url) return claims;
    } catch (error) {
      if (!(error instanceof SealingError)) throw error;
    }
    throw new LetheError('bus_captured');
  }
}

/** Not longer than the answer is waited for. */
function expiry(): number {
  return nowSeconds() + Math.ceil(PROBE_TIMEOUT_MS / 1000);
}

function tooMany(retryAfterSeconds: number): LetheError {
  return new LetheError('too_many_probes', { retryAfterSeconds });
}
