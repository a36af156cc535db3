import { type CatalogueCounts, type Era, type ItemCounts, type ItemKind } from '@lethe/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Change } from '../changes/verification-change.entity.js';
import {
  type Drift,
  GatewayVerifications,
  type ReviewCounts,
  type VerificationSummary,
} from '../gateways/gateway-verifications.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { where } from '../rest/filters.js';
import { stateOf, Verification } from './verification.entity.js';

const PLURAL = {
  tool: 'tools',
  resource: 'resources',
  resourceTemplate: 'resourceTemplates',
  prompt: 'prompts',
} as const satisfies Record<ItemKind, keyof ItemCounts>;
const NONE: ItemCounts = { tools: 0, resources: 0, resourceTemplates: 0, prompts: 0 };

/** How many items are served: in total and in each era. */
type ServedCounts = { all: ItemCounts } & Record<Era, ItemCounts>;

/** Reads what gateways show of their verifications. */
@Injectable()
export class GatewayVerificationsQuery extends GatewayVerifications {
  async summarize(em: EntityManager, gateways: Gateway[]): Promise<Map<string, VerificationSummary>> {
    const ids = gateways.flatMap(({ servingVid, reviewVid }) => [servingVid ?? [], reviewVid ?? []].flat());
    const found = new Map((await em.find(Verification, { id: { $in: ids } })).map((row) => [row.id, row]));
    const last = await lastVerifications(em, gateways);
    const served = await servedCounts(em, gateways);
    const reviews = await reviewCounts(em, gateways);
    return new Map(
      gateways.map(({ id, servingVid, reviewVid }) => {
        const review = found.get(reviewVid ?? '')?.review;
        const counts = reviews.get(reviewVid ?? '');
        return [
          id,
          {
            ...toSummary(found.get(servingVid ?? ''), served.get(id), last.get(id)),
            ...(review && { review }),
            ...(counts && { reviewCounts: counts }),
          },
        ];
      }),
    );
  }

  hasDrift(drift: Drift): object {
    return HAS_DRIFT[drift]();
  }
}

const HAS_DRIFT: Record<Drift, () => object> = {
  suspected: () => ({ driftSuspectedAt: { $ne: null } }),
  pending: () =>
    where(
      (gateway) => `exists (select from verification v where v.id = ${gateway}.review_vid and v.review is not null)`,
    ),
  rejected: () =>
    where(
      (gateway) =>
        `exists (select from verification_change c where c.vid = ${gateway}.review_vid and c.status = 'rejected')`,
    ),
};

function toSummary(
  serving: Verification | undefined,
  served: ServedCounts | undefined,
  last: Verification | undefined,
): VerificationSummary {
  return {
    ...(serving && {
      serving: {
        counts: serving.counts ? countsOf(serving.counts, served) : null,
        facts: serving.facts ?? null,
        warnings: serving.warnings ?? [],
      },
    }),
    ...(last && { last: { id: last.id, ...stateOf(last) } }),
  };
}

/** The counts of what is served, which after a review is not always what the verification found. */
function countsOf({ byEra, ...found }: CatalogueCounts, served: ServedCounts | undefined): CatalogueCounts {
  const { all, legacy, modern } = served ?? { all: NONE, legacy: NONE, modern: NONE };
  return { ...found, ...all, ...(byEra && { byEra: { legacy, modern } }) };
}

async function servedCounts(em: EntityManager, gateways: Gateway[]): Promise<Map<string, ServedCounts>> {
  if (gateways.length === 0) return new Map();
  const rows = await em.execute<{ gateway_id: string; kind: ItemKind; only_in: Era | null; n: string }[]>(
    `select gateway_id, kind, only_in, count(*) as n from catalogue_item where gateway_id in (?) group by 1, 2, 3`,
    [gateways.map(({ id }) => id)],
  );
  const counts = new Map<string, ServedCounts>();
  for (const { gateway_id: id, kind, only_in: onlyIn, n } of rows) {
    const of = counts.get(id) ?? { all: { ...NONE }, legacy: { ...NONE }, modern: { ...NONE } };
    counts.set(id, of);
    const eras = onlyIn === null ? [of.legacy, of.modern] : [of[onlyIn]];
    for (const each of [of.all, ...eras]) each[PLURAL[kind]] += Number(n);
  }
  return counts;
}

/** How many changes of each result under review wait, and how many were rejected. */
async function reviewCounts(em: EntityManager, gateways: Gateway[]): Promise<Map<string, ReviewCounts>> {
  const vids = gateways.flatMap(({ reviewVid }) => reviewVid ?? []);
  if (vids.length === 0) return new Map();
  const rows = await em.execute<{ vid: string; change: Change; status: 'pending' | 'rejected'; n: string }[]>(
    `select vid, change, status, count(*) as n from verification_change
      where vid in (?) and status in ('pending', 'rejected') group by 1, 2, 3`,
    [vids],
  );
  const counts = new Map<string, ReviewCounts>();
  for (const { vid, change, status, n } of rows) {
    const of = counts.get(vid) ?? { added: 0, changed: 0, removed: 0, rejected: 0 };
    counts.set(vid, of);
    of[status === 'pending' ? change : 'rejected'] += Number(n);
  }
  return counts;
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
