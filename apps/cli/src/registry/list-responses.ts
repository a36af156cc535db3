import * as z from 'zod';

const foundItemResponse = z.looseObject({
  gateway: z.string(),
  kind: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  stale: z.boolean(),
  exposedCount: z.number(),
  servers: z.array(z.looseObject({ slug: z.string(), exposed: z.string() })),
});

/** An item that a search has found. */
export type FoundItemResponse = z.infer<typeof foundItemResponse>;

/** A page of found items. */
export const foundItemsResponse = z.looseObject({
  items: z.array(foundItemResponse),
  nextCursor: z.string().nullish(),
});

/** The data of an event. */
export const eventResponse = z.looseObject({
  at: z.string().optional(),
  target: z.looseObject({ kind: z.string(), id: z.string(), slug: z.string().nullish() }).optional(),
  state: z.string().optional(),
  code: z.string().optional(),
});
/** The data of an event. */
export type EventResponse = z.infer<typeof eventResponse>;
