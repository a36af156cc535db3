import { MAPPING_SCHEMES } from '@lethe/contracts';
import * as z from 'zod';

// The parts of the responses of `status`, `connect`, `explain` and `probes` that the CLI reads.

/** How the registry is, and what it has heard of the other services. */
export const statusResponse = z.looseObject({
  version: z.string(),
  at: z.string(),
  publicUrl: z.string().nullable(),
  hasConsole: z.boolean().default(false),
  isReady: z.boolean(),
  checks: z.record(z.string(), z.boolean()),
  revision: z.number(),
  connectors: z.looseObject({ live: z.number(), freeSlots: z.number(), lentSlots: z.number() }),
  proxies: z.array(
    z.looseObject({ host: z.string(), confirmedRevision: z.number().nullable(), opensKept: z.boolean().optional() }),
  ),
});
/** How the registry is. */
export type StatusResponse = z.infer<typeof statusResponse>;

/** A report of `/readyz`. */
export const readyResponse = z.looseObject({ checks: z.record(z.string(), z.boolean()).default({}) });

const clientSummary = z.looseObject({ client: z.string(), name: z.string(), file: z.string() });
/** The clients that can be configured. */
export const clientsResponse = z.looseObject({
  items: z.array(clientSummary.extend({ ways: z.array(z.string()).default(['headers']) })),
});
/** The configuration of one client. */
export const configurationResponse = clientSummary.extend({
  content: z.string(),
  command: z.string().optional(),
  variables: z.array(z.looseObject({ name: z.string(), holds: z.string() })),
  notes: z.array(z.string()),
});
/** The configuration of one client. */
export type ConfigurationResponse = z.infer<typeof configurationResponse>;

/** What a call of one item needs. */
export const explanationResponse = z.looseObject({
  kept: z
    .looseObject({
      use: z.string(),
      isGranted: z.boolean(),
      state: z.string(),
      until: z.string().nullable(),
      by: z.looseObject({ name: z.string() }).optional(),
    })
    .nullish(),
  item: z.looseObject({ kind: z.string(), exposed: z.string(), own: z.string(), by: z.string() }).nullable(),
  gateway: z.looseObject({ slug: z.string(), name: z.string(), origin: z.string() }).nullable(),
  allowed: z.boolean(),
  reasons: z.array(z.looseObject({ code: z.string(), text: z.string() })),
  nearest: z.string().optional(),
  admission: z.looseObject({ header: z.string(), holds: z.string() }).nullable(),
  headers: z.array(
    z.looseObject({
      exact: z.string(),
      short: z.string().optional(),
      scheme: z.enum(MAPPING_SCHEMES).optional(),
      required: z.boolean(),
      gateway: z.string(),
      origin: z.string(),
      to: z.looseObject({ header: z.string().optional(), query: z.string().optional() }),
    }),
  ),
  revision: z.number(),
  proxies: z.array(
    z.looseObject({
      host: z.string(),
      revision: z.number().nullable(),
      isCurrent: z.boolean(),
      opensKept: z.boolean().optional(),
    }),
  ),
});
/** What a call of one item needs. */
export type ExplanationResponse = z.infer<typeof explanationResponse>;

/** What answers at a URL without a credential. */
export const probeResponse = z.looseObject({
  url: z.string(),
  outcome: z.string(),
  why: z.string().optional(),
  httpStatus: z.number().optional(),
  eras: z.array(
    z.looseObject({ era: z.string(), protocolVersions: z.array(z.string()), sessionful: z.boolean().optional() }),
  ),
  transport: z.string().optional(),
  serverName: z.string().optional(),
  challenge: z
    .looseObject({ schemes: z.array(z.string()), realm: z.string().optional(), scope: z.string().optional() })
    .optional(),
  tls: z.looseObject({ protocol: z.string(), issuer: z.string(), expiresAt: z.string() }).optional(),
  redirectsTo: z.string().optional(),
  registerUrl: z.string().optional(),
  authorization: z
    .looseObject({
      resourceMetadata: z.string().optional(),
      resource: z.string().optional(),
      servers: z.array(
        z.looseObject({
          issuer: z.string(),
          isConfirmed: z.boolean(),
          registration: z.array(z.string()).optional(),
          device: z.boolean().optional(),
          dpop: z.boolean().optional(),
          authorizationEndpoint: z.string().optional(),
          tokenEndpoint: z.string().optional(),
          registrationEndpoint: z.string().optional(),
          pkce: z.array(z.string()).optional(),
          grantTypes: z.array(z.string()).optional(),
        }),
      ),
    })
    .optional(),
});
/** What answers at a URL without a credential. */
export type ProbeResponse = z.infer<typeof probeResponse>;
