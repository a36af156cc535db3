import * as z from 'zod';

// The parts of the registry's responses about administrators that the CLI reads. Unknown members are allowed.

/** An administrator. */
export const adminResponse = z.looseObject({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  enabled: z.boolean().default(true),
  expiresAt: z.string().nullish(),
  previousTokenUntil: z.string().nullish(),
  lastUsedAt: z.string().nullish(),
});
/** An administrator. */
export type AdminResponse = z.infer<typeof adminResponse>;

/** An administrator with a new token. */
export const adminWithTokenResponse = adminResponse.extend({ token: z.string() });

/** The administrator who asks. */
export const whoamiResponse = z.looseObject({
  kind: z.string(),
  id: z.string(),
  name: z.string(),
  role: z.string(),
  expiresAt: z.string().nullish(),
});

const state = z.record(z.string(), z.unknown()).nullish();

/** An entry of the audit log. */
export const auditEntryResponse = z.looseObject({
  seq: z.number(),
  at: z.string(),
  actor: z.looseObject({ kind: z.string(), id: z.string(), name: z.string() }),
  operation: z.string(),
  outcome: z.string(),
  target: z.looseObject({ kind: z.string(), id: z.string(), slug: z.string().nullish() }).nullish(),
  before: state,
  after: state,
});
/** An entry of the audit log. */
export type AuditEntryResponse = z.infer<typeof auditEntryResponse>;

/** A page of the audit log. */
export const auditResponse = z.looseObject({ items: z.array(auditEntryResponse), nextCursor: z.string().nullish() });

/** Whether the audit log is whole. */
export const auditVerificationResponse = z.looseObject({
  state: z.string(),
  entries: z.number(),
  head: z.string(),
  firstBroken: z.number().nullish(),
  why: z.string().nullish(),
});
