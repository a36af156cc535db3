import * as z from 'zod';

/** What is kept for a gateway, without the credential. */
export const keptResponse = z.looseObject({
  state: z.string(),
  keptRevision: z.number(),
  until: z.string(),
  rejectedAt: z.string().nullish(),
  at: z.string(),
  by: z.looseObject({ name: z.string() }),
});
/** What is kept for a gateway. */
export type KeptResponse = z.infer<typeof keptResponse>;

/** The receipt of a deletion. */
export const deletedResponse = z.looseObject({
  forgotten: z
    .looseObject({
      keptRevision: z.number(),
      by: z.looseObject({ name: z.string() }),
      at: z.string(),
      receipt: z.string(),
    })
    .nullable(),
});

/** What is kept for a gateway, and what the next credential is sealed for. */
export const keptOfferResponse = z.looseObject({
  kept: keptResponse.nullish(),
  next: z
    .looseObject({
      offer: z.string(),
      fingerprint: z.string(),
      registry: z.array(
        z.looseObject({
          kid: z.string(),
          fingerprint: z.string(),
          jwk: z.unknown(),
          state: z.enum(['active', 'retired']),
        }),
      ),
    })
    .nullish(),
  refused: z.string().nullish(),
});
/** What is kept for a gateway, and what the next credential is sealed for. */
export type KeptOfferResponse = z.infer<typeof keptOfferResponse>;
