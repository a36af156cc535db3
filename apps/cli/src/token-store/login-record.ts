import * as z from 'zod';

/** How the client became known to the authorization server. */
const REGISTRATIONS = ['metadata-document', 'dynamic', 'given'] as const;

const client = z.object({
  clientId: z.string(),
  clientSecret: z.string().optional(),
  /** In milliseconds since 1970, where the server ends it. */
  secretEndsAt: z.number().optional(),
  /** Of the registration, where the server chose one (RFC 7591). */
  authMethod: z.string().optional(),
  registration: z.enum(REGISTRATIONS),
  /** The port of the redirect URI that was registered. */
  port: z.number().optional(),
  /** What it was registered for. */
  scope: z.string().optional(),
});

const tokens = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  /** What was granted, where the server says so. */
  scope: z.string().optional(),
  /** In milliseconds since 1970, by the clock of this machine. */
  obtainedAt: z.number(),
  expiresAt: z.number().optional(),
});

/** As a JSON Web Key (RFC 7517). */
const dpopKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

const login = z.object({
  /** The resource indicator, verbatim (RFC 8707). */
  resource: z.string(),
  issuer: z.string(),
  client,
  /** All scopes that were asked for: a server need not repeat them. */
  scope: z.string().optional(),
  tokens,
  /** To which the tokens are bound; it never leaves the refresher. */
  dpopKey: dpopKey.optional(),
});

/** The resource and issuer that belong to a gateway; a change needs the person. */
const pin = z.object({ resource: z.string(), issuer: z.string() });

const document = z.object({
  version: z.literal(1),
  /** By resource. */
  logins: z.record(z.string(), login),
  /** By the URL of a virtual server, then by gateway: what the person has logged in to for it. */
  pins: z.record(z.string(), z.record(z.string(), pin)),
  /** By issuer: credentials of a client are for one authorization server alone. */
  clients: z.record(z.string(), client),
});

/** The client that one authorization server knows. */
export type KnownClient = z.infer<typeof client>;
/** The tokens of a login. */
export type LoginTokens = z.infer<typeof tokens>;
/** The private key to which a login is bound (RFC 9449). */
export type DpopKey = z.infer<typeof dpopKey>;
/** One login of the person at an upstream. */
export type Login = z.infer<typeof login>;
/** All that is kept. */
export type LoginDocument = z.infer<typeof document>;

/** Nothing yet. */
export const NO_LOGINS: LoginDocument = { version: 1, logins: {}, pins: {}, clients: {} };

/** Whether the tokens of a login are good for nothing without proofs that its key signs. */
export function isBound({ dpopKey: key }: Login): boolean {
  return key !== undefined;
}

/** What the person has logged in to for a gateway of a virtual server. A gateway may be called `constructor`. */
export function pinOf({ pins }: LoginDocument, server: string, gateway: string): z.infer<typeof pin> | undefined {
  const own = pins[server];
  return own && Object.hasOwn(own, gateway) ? own[gateway] : undefined;
}

/** Reads a document. @throws Error */
export function parseDocument(text: string): LoginDocument {
  return document.parse(JSON.parse(text));
}
