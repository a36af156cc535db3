import { CliError } from '../errors/cli.error.js';
import type { Terminal } from '../terminal/terminal.js';
import type { KnownFingerprints } from './known-fingerprints.js';

/** The key to which a registry lets credentials be sealed, and what the user says about it. */
export interface ShownKey {
  registryUrl: string;
  /** Computed here from the key. */
  fingerprint: string;
  /** A fingerprint that the user compared over another channel; it replaces the pinned one. */
  accepted: string | undefined;
}

/**
 * Compares the key of the proxies with the one that is pinned for the registry. On first use it is shown and pinned.
 * @throws CliError `kept_key_changed`
 */
export async function requireTrustedKey(
  known: KnownFingerprints,
  terminal: Terminal,
  { registryUrl, fingerprint, accepted }: ShownKey,
): Promise<void> {
  const pinned = accepted === undefined ? await known.of(registryUrl) : [accepted];
  if (pinned.length === 0) {
    terminal.note(
      `First use of ${registryUrl}: what proxies keep is sealed with this key from now on, and no other is accepted there. To be ` +
        'sure that nobody is in between, compare it with the key "kept" that "lethe trust show" prints on the machine of that registry:',
    );
    terminal.note(`  ${fingerprint}`);
  } else if (!pinned.includes(fingerprint))
    throw accepted === undefined ? changed(pinned, fingerprint) : notAccepted(accepted, fingerprint);
  await known.pin(registryUrl, [fingerprint]);
}

function notAccepted(accepted: string, fingerprint: string): CliError {
  return new CliError(
    'untrusted',
    'kept_key_changed',
    'The key to which this registry lets credentials be sealed is not the one of --kept-fingerprint',
    [
      'You gave another one, such as that of the connectors or from before a rotation, or your connection is being intercepted.',
      `of --kept-fingerprint: ${accepted}`,
      `shown now: ${fingerprint}`,
      'The right one is "kept" in what "lethe trust show" prints on the machine of the registry.',
    ],
  );
}

function changed(pinned: readonly string[], fingerprint: string): CliError {
  return new CliError(
    'untrusted',
    'kept_key_changed',
    'The key to which this registry lets credentials be sealed has changed',
    [
      'It was rotated, this is another installation, or your connection is being intercepted.',
      `known from before: ${pinned.join(', ')}`,
      `shown now: ${fingerprint}`,
      'If "lethe trust show" on the machine of the registry prints the one shown now: --kept-fingerprint <fingerprint>',
    ],
  );
}
