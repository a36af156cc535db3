import { ClaimSigner } from './claim-signer.js';
import { ClaimVerifier, type VerifyOptions } from './claim-verifier.js';
import { type ClaimKind, type Identity, SIGNED_BY, type SigningRole, type Stamped } from './claims.js';
import { ringFromJson } from './key-ring.js';
import { RowsMac } from './rows-mac.js';
import { SealingError } from './sealing.error.js';
import { SessionRing } from './session-ring.js';
import { signingKeyFromJson } from './signing-key.js';
import { toIdentity, TRUST_FILE, trustFromJson } from './trust-file.js';
import { PRIVATE_FILES, readIfThere, readTrustFile, type TrustRole } from './trust-folder.js';

interface TrustParts {
  identities: Record<SigningRole, Identity[]>;
  registry?: ClaimSigner;
  connector?: ClaimSigner;
  rows?: RowsMac;
  session?: SessionRing;
}

/** The keys a process was given. Every private part may be absent; asking for an absent one throws `trust_missing`. */
export class Trust {
  private readonly verifiers: Record<SigningRole, ClaimVerifier>;

  constructor(private readonly parts: TrustParts) {
    this.verifiers = {
      registry: new ClaimVerifier(parts.identities.registry),
      connector: new ClaimVerifier(parts.identities.connector),
    };
  }

  registrySigner(): ClaimSigner {
    return present(this.parts.registry, 'registry');
  }

  connectorSigner(): ClaimSigner {
    return present(this.parts.connector, 'connector');
  }

  rowsMac(): RowsMac {
    return present(this.parts.rows, 'rows');
  }

  sessionRing(): SessionRing {
    return present(this.parts.session, 'session');
  }

  /** The claims of a signature of this kind; the signing role follows from the kind. Throws `SealingError`. */
  verify<T extends object>(kind: ClaimKind, jws: string, options: VerifyOptions = {}): Promise<T & Stamped> {
    return this.verifiers[SIGNED_BY[kind]].verify<T>(kind, jws, options);
  }

  /** Public keys of a role, retired ones included. */
  identities(role: SigningRole): Identity[] {
    return this.parts.identities[role];
  }
}

/** Loads what is in the folder. Throws `trust_missing`, `trust_malformed` or `trust_inconsistent`, naming the file. */
export async function loadTrust(dir: string): Promise<Trust> {
  const keys = trustFromJson(await readTrustFile(dir, TRUST_FILE));
  const of = (role: SigningRole): Identity[] => keys.filter((key) => key.role === role).map(toIdentity);
  const identities = { registry: of('registry'), connector: of('connector') };
  const registry = await loadSigner(dir, PRIVATE_FILES.registry, identities.registry);
  const connector = await loadSigner(dir, PRIVATE_FILES.connector, identities.connector);
  const rows = await readIfThere(dir, PRIVATE_FILES.rows);
  const session = await readIfThere(dir, PRIVATE_FILES.session);
  return new Trust({
    identities,
    ...(registry && { registry }),
    ...(connector && { connector }),
    ...(rows !== undefined && { rows: new RowsMac(ringFromJson(rows, PRIVATE_FILES.rows)) }),
    ...(session !== undefined && { session: new SessionRing(ringFromJson(session, PRIVATE_FILES.session)) }),
  });
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

function present<T>(part: T | undefined, role: TrustRole): T {
  if (part === undefined) throw new SealingError('trust_missing', PRIVATE_FILES[role]);
  return part;
}
