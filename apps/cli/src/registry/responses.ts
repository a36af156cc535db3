import { MAPPING_SCHEMES } from '@lethe/contracts';
import * as z from 'zod';
import { keptResponse } from './kept-responses.js';

// The parts of the registry's responses that the CLI reads. Unknown members are allowed.

const jsonValue = z.json();

const mapping = z.looseObject({
  header: z.string(),
  required: z.boolean().optional(),
  scheme: z.enum(MAPPING_SCHEMES).optional(),
  to: z.looseObject({ query: z.string() }).optional(),
});

const counts = z.looseObject({
  tools: z.number(),
  resources: z.number(),
  resourceTemplates: z.number(),
  prompts: z.number(),
  skipped: z.number().optional(),
  conditional: z.number().optional(),
});

const warning = z.looseObject({
  code: z.string(),
  era: z.string().optional(),
  why: z.string().optional(),
  httpStatus: z.number().optional(),
  pointer: z.string().optional(),
  requested: z.array(z.looseObject({ era: z.string(), methods: z.array(z.string()) })).optional(),
  kind: z.string().optional(),
  name: z.string().optional(),
  found: z
    .object({ invisible: z.number().optional(), bidi: z.number().optional(), control: z.number().optional() })
    .optional(),
});
/** What to know about a verification that succeeded. */
export type WarningResponse = z.infer<typeof warning>;

const oauthFacts = z.looseObject({
  resource: z.string(),
  servers: z.array(z.looseObject({ issuer: z.string(), registration: z.array(z.string()).default([]) })),
});

/** A gateway. */
export const gatewayResponse = z.looseObject({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  url: z.string(),
  state: z.string(),
  enabled: z.boolean().optional(),
  trustHints: z.boolean().optional(),
  tags: z.array(z.string()).default([]),
  itemTags: z.array(z.looseObject({ kind: z.string(), name: z.string(), tags: z.array(z.string()) })).default([]),
  pending: z.looseObject({ url: z.string(), passthroughHeaders: z.array(mapping).default([]) }).nullish(),
  counts: counts.nullish(),
  eras: z.array(z.looseObject({ era: z.string(), protocolVersion: z.string() })).default([]),
  lastVerification: z.looseObject({ id: z.string(), state: z.string(), code: z.string().nullish() }).nullish(),
  facts: z.looseObject({ oauth: oauthFacts.optional() }).nullish(),
  warnings: z.array(warning).default([]),
  reviewVerification: z.string().nullish(),
  rejected: z.looseObject({ verification: z.string(), changes: z.number() }).nullish(),
  driftSuspected: z.looseObject({ since: z.string(), why: z.string() }).nullish(),
  liveness: z.looseObject({ state: z.string() }).nullish(),
  passthroughHeaders: z.array(mapping).default([]),
  tlsCa: z.string().nullish(),
  kept: keptResponse.nullish(),
  oauthClient: z.looseObject({ issuer: z.string(), clientId: z.string() }).nullish(),
});
/** A gateway. */
export type GatewayResponse = z.infer<typeof gatewayResponse>;

const itemRefs = z.array(z.looseObject({ kind: z.string(), own: z.string() }));

/** A verification. */
export const verificationResponse = z.looseObject({
  id: z.string(),
  gatewayId: z.string(),
  attempt: z.number(),
  state: z.enum(['awaiting_credential', 'running', 'verified', 'failed', 'lost', 'expired', 'cancelled']),
  code: z.string().nullish(),
  httpStatus: z.number().nullish(),
  scheme: z.string().nullish(),
  wantsProof: z.boolean().nullish(),
  why: z.string().nullish(),
  tokenError: z.string().nullish(),
  retryAfterSeconds: z.number().nullish(),
  registerUrl: z.string().nullish(),
  pointer: z.string().nullish(),
  counts: counts.nullish(),
  era: z.string().nullish(),
  protocolVersion: z.string().nullish(),
  eras: z
    .array(
      z.looseObject({
        era: z.string(),
        protocolVersion: z.string(),
        sessionful: z.boolean(),
        counts: counts.nullish(),
      }),
    )
    .default([]),
  warnings: z.array(warning).default([]),
  /** Set while the result waits for a review. */
  review: z.looseObject({ why: z.string(), facts: jsonValue.optional() }).nullish(),
  diff: z.looseObject({ added: itemRefs, changed: itemRefs, removed: itemRefs }).nullish(),
  /** The verification that served before; absent if there was none. */
  comparedWith: z.string().nullish(),
  digest: z.string().nullish(),
  receipt: z.string().nullish(),
  finishedAt: z.string().nullish(),
  slot: z.looseObject({ offer: z.string() }).nullish(),
});
/** A verification. */
export type VerificationResponse = z.infer<typeof verificationResponse>;

/** One change of a verification, with the definitions before and after it. */
export const changeResponse = z.looseObject({
  kind: z.string(),
  name: z.string(),
  change: z.string(),
  status: z.string(),
  changes: z.array(z.string()).default([]),
  before: jsonValue.optional(),
  after: jsonValue.optional(),
});
/** One change of a verification. */
export type ChangeResponse = z.infer<typeof changeResponse>;

/** An item of a result that waits for a review. */
export const itemResponse = z.object({ kind: z.string(), name: z.string() }).catchall(jsonValue);
/** An item of a result that waits for a review. */
export type ItemResponse = z.infer<typeof itemResponse>;

/** The connectors' keys. */
export const connectorsResponse = z.looseObject({
  items: z.array(
    z.looseObject({
      kid: z.string(),
      fingerprint: z.string(),
      jwk: z.unknown(),
      state: z.enum(['active', 'retired']),
      retiredAt: z.string().optional(),
      connectors: z.array(z.unknown()).optional(),
    }),
  ),
});

const serverWarning = z.looseObject({
  code: z.string(),
  headers: z.number().optional(),
  needsKib: z.number().optional(),
  limitKib: z.number().optional(),
  setting: z.string().optional(),
});
/** What to know about a virtual server that was accepted. */
export type ServerWarningResponse = z.infer<typeof serverWarning>;

const curationWarning = z.looseObject({
  code: z.string(),
  gateway: z.string().optional(),
  estimatedTokens: z.number().optional(),
  limitTokens: z.number().optional(),
});
/** What to know about what a virtual server exposes. */
export type CurationWarningResponse = z.infer<typeof curationWarning>;

const pick = z.looseObject({ gateway: z.string(), kind: z.string(), name: z.string() });
/** One item that a virtual server lists. */
export type PickResponse = z.infer<typeof pick>;

const grant = z.looseObject({ role: z.string(), gateways: z.array(z.string()).optional() });
/** A grant, as far as it says who may use what is kept. */
export type GrantResponse = z.infer<typeof grant>;

/** A virtual server. */
export const serverResponse = z.looseObject({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  path: z.string(),
  enabled: z.boolean().optional(),
  access: z.unknown(),
  eras: z.string().optional(),
  tags: z.array(z.string()).default([]),
  include: z.array(z.looseObject({ gateway: z.string().optional() })).default([]),
  items: z.array(pick).default([]),
  credentials: z.array(z.looseObject({ gateway: z.string(), use: z.string() })).nullish(),
  grants: z.array(grant).nullish(),
  /** Slugs; absent if the registry is older than rules for tags. */
  gateways: z.array(z.string()).optional(),
  shortForm: z.record(z.string(), z.string()).default({}),
  exposed: z
    .array(z.looseObject({ kind: z.string(), exposed: z.string(), gateway: z.string(), own: z.string() }))
    .default([]),
  /** Without `own`, the whole gateway was left out. */
  leftOut: z.array(z.looseObject({ gateway: z.string(), own: z.string().optional(), reason: z.string() })).default([]),
  /** Items that it would serve, but that their upstreams no longer list. */
  lost: z
    .array(z.looseObject({ gateway: z.string(), kind: z.string(), name: z.string(), since: z.string() }))
    .default([]),
  warnings: z.array(serverWarning).default([]),
  curationWarnings: z.array(curationWarning).default([]),
});
/** A virtual server. */
export type ServerResponse = z.infer<typeof serverResponse>;

const amounts = { bytes: z.number(), estimatedTokens: z.number() };

/** How large a virtual server is for a model. */
export const sizeResponse = z.looseObject({
  ...amounts,
  total: z.number(),
  limitTokens: z.number(),
  gateways: z.array(z.looseObject({ ...amounts, gateway: z.string(), items: z.number() })),
  items: z.array(z.looseObject({ ...amounts, exposed: z.string(), gateway: z.string() })),
});

/** One page of a list. */
export const pageResponse = z.looseObject({ items: z.array(z.unknown()), nextCursor: z.string().nullish() });
