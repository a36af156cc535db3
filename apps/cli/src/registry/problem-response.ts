// `zod/mini`, as all that a bridge loads: it takes 5 MiB less than `zod`.
import * as z from 'zod/mini';

const brokenRule = z.looseObject({
  field: z.string(),
  rule: z.string(),
  limit: z.optional(z.number()),
  line: z.optional(z.number()),
  allowed: z.optional(z.array(z.unknown())),
  nearest: z.optional(z.string()),
});
/** A rule that a request breaks. */
export type BrokenRule = z.infer<typeof brokenRule>;

/** An error response (RFC 9457). */
export const problemResponse = z.looseObject({
  code: z.string(),
  title: z.optional(z.string()),
  errors: z.optional(z.array(brokenRule)),
  requestId: z.optional(z.string()),
});
