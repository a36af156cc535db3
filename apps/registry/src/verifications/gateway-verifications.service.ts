import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { GatewayVerifications, type VerificationSummary } from '../gateways/gateway-verifications.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { stateOf, Verification } from './verification.entity.js';

/** Reads what gateways show of their verifications. */
@Injectable()
export class GatewayVerificationsQuery extends GatewayVerifications {
  async summarize(em: EntityManager, gateways: Gateway[]): Promise<Map<string, VerificationSummary>> {
    const ids = gateways.flatMap(({ servingVid, reviewVid }) => [servingVid ?? [], reviewVid ?? []].flat());
    const found = new Map((await em.find(Verification, { id: { $in: ids } })).map((row) => [row.id, row]));
    const last = await lastVerifications(em, gateways);
    return new Map(
      gateways.map(({ id, servingVid, reviewVid }) => {
        const review = found.get(reviewVid ?? '')?.review;
        return [id, { ...toSummary(found.get(servingVid ?? ''), last.get(id)), ...(review && { review }) }];
      }),
    );
  }
}

function toSummary(serving: Verification | undefined, last: Verification | undefined): VerificationSummary {
  return {
    ...(serving && {
      serving: { counts: serving.counts ?? null, facts: serving.facts ?? null, warnings: serving.warnings ?? [] },
    }),
    ...(last && { last: { id: last.id, ...stateOf(last) } }),
  };
}

async function lastVerifications(em: EntityManager, gateways: Gateway[]): Promise<Map<string, Verification>> {
  if (gateways.length === 0) return new Map();
  const rows = await em.execute<{ id: string }[]>(
    `select distinct on (gateway_id) id from verification where gateway_id in (?) order by gateway_id, attempt desc`,
    [gateways.map(({ id }) => id)],
  );
  const last = await em.find(Verification, { id: { $in: rows.map(({ id }) => id) } });
  return new Map(last.map((verification) => [verification.gatewayId, verification]));
}
