import { ClaimSigner } from './claim-signer.js';
import { ClaimVerifier, type VerifyOptions } from './claim-verifier.js';
import { type ClaimKind, type Identity, SIGNED_BY, type SigningRole, type Stamped } from './claims.js';
import { keptFromJson, KeptRing } from './kept-ring.js';
import { ringFromJson } from './key-ring.js';
import { CallersMac, callersRing, RowsMac } from './rows-mac.js';
import { SealingError } from './sealing.error.js';
import { SessionRing } from './session-ring.js';
import { signingKeyFromJson } from './signing-key.js';
import { type KeptIdentity, keptIdentityFromJson, toIdentity, TRUST_FILE, trustFromJson } from './trust-file.js';
import { CALLERS_FILE, PRIVATE_FILES, readIfThere, readTrustFile } from './trust-folder.js';

type Ring = ReturnType<typeof ringFromJson>;

interface TrustParts {
  identities: Record<SigningRole, Identity[]>;
  registry?: ClaimSigner;
  connector?: ClaimSigner;
  rows?: RowsMac;
  callers?: CallersMac;
  session?: SessionRing;
  keptIdentity?: KeptIdentity;
  kept?: KeptRing;
}

/**
 * The keys of one process. Any private key may be absent.
 * @throws SealingError `trust_missing` in a method that needs an absent key
 */
export class Trust {
  private readonly verifiers: Record<SigningRole, ClaimVerifier>;

  constructor(private readonly parts: TrustParts) {
    this.verifiers = {
      registry: new ClaimVerifier(parts.identities.registry),
      connector: new ClaimVerifier(parts.identities.connector),
    };
  }

  registrySigner(): ClaimSigner {
    return present(this.parts.registry, PRIVATE_FILES.registry);
  }

  connectorSigner(): ClaimSigner {
    return present(this.parts.connector, PRIVATE_FILES.connector);
  }

  rowsMac(): RowsMac {
    return present(this.parts.rows, PRIVATE_FILES.rows);
  }

  /** From the proxies' own file, or derived from the rows' keys. */
  callersMac(): CallersMac {
    return present(this.parts.callers, CALLERS_FILE);
  }

  sessionRing(): SessionRing {
    return present(this.parts.session, PRIVATE_FILES.session);
  }

  /** The key to which credentials are sealed that proxies keep; undefined if this deployment has none yet. */
  keptIdentity(): KeptIdentity | undefined {
    return this.parts.keptIdentity;
  }

  /** The private keys for kept credentials, on a proxy; undefined if it has none. */
  keptRing(): KeptRing | undefined {
    return this.parts.kept;
  }

  /**
   * Verifies a signature of this kind and returns its claims. The kind decides which role must have signed.
   * @throws SealingError as `ClaimVerifier.verify`
   */
  verify<T extends object>(kind: ClaimKind, jws: string, options: VerifyOptions = {}): Promise<T & Stamped> {
    return this.verifiers[SIGNED_BY[kind]].verify<T>(kind, jws, options);
  }

  /** Public keys of a role, retired ones included. */
  identities(role: SigningRole): Identity[] {
    return this.parts.identities[role];
  }
}

/**
 * Loads all keys in the folder.
 * @throws SealingError `trust_missing`, `trust_malformed`, `trust_inconsistent`; it names the file
 */
export async function loadTrust(dir: string): Promise<Trust> {
  const text = await readTrustFile(dir, TRUST_FILE);
  const keys = trustFromJson(text);
  const keptIdentity = keptIdentityFromJson(text);
  const of = (role: SigningRole): Identity[] => keys.filter((key) => key.role === role).map(toIdentity);
  const identities = { registry: of('registry'), connector: of('connector') };
  const registry = await loadSigner(dir, PRIVATE_FILES.registry, identities.registry);
  const connector = await loadSigner(dir, PRIVATE_FILES.connector, identities.connector);
  const rows = await loadRing(dir, PRIVATE_FILES.rows);
  const callers = (await loadRing(dir, CALLERS_FILE)) ?? (rows && callersRing(rows));
  const session = await loadRing(dir, PRIVATE_FILES.session);
  const kept = await loadKept(dir);
  return new Trust({
    identities,
    ...(registry && { registry }),
    ...(connector && { connector }),
    ...(rows && { rows: new RowsMac(rows) }),
    ...(callers && { callers: new CallersMac(callers) }),
    ...(session && { session: new SessionRing(session) }),
    ...(keptIdentity && { keptIdentity }),
    ...(kept && { kept }),
  });
}

async function loadKept(dir: string): Promise<KeptRing | undefined> {
  const text = await readIfThere(dir, PRIVATE_FILES.kept);
  return text === undefined ? undefined : new KeptRing(keptFromJson(text, PRIVATE_FILES.kept));
}

async function loadRing(dir: string, file: Parameters<typeof readIfThere>[1]): Promise<Ring | undefined> {
  const text = await readIfThere(dir, file);
  return text === undefined ? undefined : ringFromJson(text, file);
}

async function loadSigner(
  dir: string,
  file: 'registry.sign' | 'connector.sign',
  identities: Identity[],
): Promise<ClaimSigner | undefined> {
  const text = await readIfThere(dir, file);
  if (text === undefined) return undefined;
  const { fingerprint, privateKey } = signingKeyFromJson(text, file);
  const identity = identities.find((candidate) => candidate.fingerprint === fingerprint);
  if (identity?.state !== 'active') throw new SealingError('trust_inconsistent', file);
  return new ClaimSigner(identity.kid, fingerprint, privateKey);
}

function present<T>(part: T | undefined, file: string): T {
  if (part === undefined) throw new SealingError('trust_missing', file);
  return part;
}
