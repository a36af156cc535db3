import * as z from 'zod';

// The parts of the registry's responses about callers' keys that the CLI reads. Unknown members are allowed.

/** A caller's key. */
export const keyResponse = z.looseObject({
  id: z.string(),
  name: z.string(),
  /** Absent from the answers of a registry that knows no states. */
  state: z.string().default('active'),
  servers: z.union([z.array(z.string()), z.string()]).default('*'),
  roles: z.array(z.string()).default([]),
  expiresAt: z.string().nullish(),
  replaces: z.string().nullish(),
  replacedBy: z.string().nullish(),
  createdAt: z.string(),
  /** Null: never. */
  lastUsedAt: z.string().nullish(),
  lastServerId: z.string().nullish(),
});
/** A caller's key. */
export type KeyResponse = z.infer<typeof keyResponse>;

/** A new key of a caller, with the key itself. */
export const issuedKeyResponse = z.looseObject({ id: z.string(), key: z.string() });
