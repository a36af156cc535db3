import { CataloguePart, failureFacts, GatewayVerificationFailed, GatewayVerified } from '@lethe/contracts';
import { EventPublisher } from '@lethe/messaging';
import { LOGGER, Metrics, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Histogram } from 'prom-client';
import type { FailedOutcome, VerifiedOutcome } from '../handshake/outcome/outcome.js';
import { ConnectorIdentity } from '../identity/connector-identity.js';
import { splitCatalogue } from './split-catalogue.js';
import type { FinishedHandshake } from './finished-handshake.js';
import { receiptOf } from './receipt.js';

/**
 * Reports to the registry how a handshake ended: one event with the signed receipt, after the parts of a long
 * catalogue.
 */
@Injectable()
export class HandshakeReportsService {
  private readonly ended: Counter<'code'>;
  private readonly seconds: Histogram;

  constructor(
    private readonly events: EventPublisher,
    private readonly identity: ConnectorIdentity,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.ended = metrics.counter('lethe_connector_handshakes_total', 'Handshakes by result', ['code']);
    this.seconds = metrics.histogram(
      'lethe_connector_handshake_seconds',
      'Time from the opened credential to the end of the handshake',
    );
  }

  async report(finished: FinishedHandshake): Promise<void> {
    const { order, outcome, startedAt, end } = finished;
    const code = outcome.status === 'verified' ? 'verified' : outcome.code;
    const durationMs = end.at.getTime() - startedAt.getTime();
    this.ended.inc({ code });
    this.seconds.observe(durationMs / 1000);
    const facts = { vid: order.vid, attempt: order.attempt, outcome: code, requests: outcome.requests, durationMs };
    this.log.info(facts, 'A handshake ended');
    const claims = receiptOf(finished, this.identity.id);
    const receipt = await this.identity.signer.sign('receipt', claims, end.at);
    if (outcome.status === 'verified') await this.publishVerified(finished, outcome, receipt);
    else await this.publishFailed(finished, outcome, receipt);
  }

  private async publishVerified(finished: FinishedHandshake, outcome: VerifiedOutcome, receipt: string): Promise<void> {
    const { vid, gatewayId } = finished.order;
    const { parts, rest } = splitCatalogue(outcome.items);
    for (const [n, items] of parts.entries()) {
      const part = { vid, gatewayId, n, of: parts.length, items };
      await this.events.publish(CataloguePart, part, { id: `${vid}:part:${n}` });
    }
    const { facts, counts, skipped, warnings, digest, authorizationProblem } = outcome;
    const found = { items: rest, facts, counts, skipped, warnings, digest, authorizationProblem };
    const event = { ...common(finished), parts: parts.length, ...found, receipt };
    await this.events.publish(GatewayVerified, event, { id: `${vid}:ended` });
  }

  private async publishFailed(finished: FinishedHandshake, outcome: FailedOutcome, receipt: string): Promise<void> {
    const { code, httpStatus, scheme, wantsProof, pointer } = outcome;
    const told = { code, httpStatus, scheme, wantsProof, pointer };
    const event = { ...common(finished), ...told, ...failureFacts(outcome), receipt };
    await this.events.publish(GatewayVerificationFailed, event, { id: `${finished.order.vid}:ended` });
  }
}

function common({ order, outcome, startedAt, end }: FinishedHandshake) {
  return {
    vid: order.vid,
    gatewayId: order.gatewayId,
    configRevision: order.configRevision,
    attempt: order.attempt,
    startedAt: startedAt.toISOString(),
    finishedAt: end.at.toISOString(),
    requests: outcome.requests,
  };
}
