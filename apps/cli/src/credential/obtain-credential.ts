import type { Credential, CredentialHeader } from '@lethe/contracts';
import { parseCredential, SealingError } from '@lethe/sealing';
import { beginsWithScheme } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { askSecret, readSecretLines } from '../terminal/ask-secret.js';
import { countText } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CredentialKind, type SecretPart } from './credential-kind.js';

/** What is asked for, and where. */
export interface CredentialRequest {
  kind: CredentialKind;
  /** Whom the credential is for, as shown before the first question. */
  recipient: string;
  /** One line of standard input for each secret, instead of prompts. */
  isFromStdin: boolean;
}

/**
 * Reads the secrets of a credential, at hidden prompts or from standard input, and checks their form here, so that
 * nothing is registered and no slot is reserved for a credential that would be rejected.
 */
export async function obtainCredential(terminal: Terminal, request: CredentialRequest): Promise<Credential> {
  const { kind, recipient, isFromStdin } = request;
  if (kind.length === 0) return { scheme: 'none' };
  terminal.note(`The credential is for ${recipient}`);
  const questions = kind.map(questionOf);
  const secrets = isFromStdin ? await readSecretLines(terminal) : await askAll(terminal, questions);
  if (secrets.length !== questions.length) {
    const lines = `Standard input must have ${countText(questions.length, 'line')}: ${questions.join(', ')}`;
    throw new CliError('usage', 'credential_malformed', lines);
  }
  return checked(assemble(kind, secrets));
}

function questionOf(part: SecretPart): string {
  if ('header' in part) {
    const facts = [
      ...(beginsWithScheme(part.header) ? ['with its scheme, as "Bearer <token>"'] : []),
      ...(part.isOptional ? ['empty: not sent'] : []),
    ];
    return `Value of ${part.header}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`;
  }
  if (part.scheme === 'bearer') return 'Bearer token';
  return part.username === undefined ? 'User name and password, as user:password' : `Password of ${part.username}`;
}

async function askAll(terminal: Terminal, questions: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const question of questions) answers.push(await askSecret(terminal, question));
  return answers;
}

function assemble(kind: CredentialKind, secrets: string[]): Credential {
  const headers: CredentialHeader[] = [];
  let authorization: Exclude<Credential, { scheme: 'headers' | 'none' }> | undefined;
  for (const [index, part] of kind.entries()) {
    const secret = secrets[index] ?? '';
    if (!('header' in part)) authorization = authorizationOf(part, secret);
    else if (secret !== '' || !part.isOptional) headers.push({ name: part.header, value: secret });
  }
  if (authorization !== undefined) return { ...authorization, ...(headers.length > 0 && { headers }) };
  return headers.length > 0 ? { scheme: 'headers', headers } : { scheme: 'none' };
}

function authorizationOf(
  part: Extract<SecretPart, { scheme: string }>,
  secret: string,
): Exclude<Credential, { scheme: 'headers' | 'none' }> {
  if (part.scheme === 'bearer') return { scheme: 'bearer', token: secret };
  if (part.username !== undefined) return { scheme: 'basic', username: part.username, password: secret };
  const colon = secret.indexOf(':');
  if (colon < 0) throw new CliError('usage', 'credential_malformed', 'Enter user:password, with the colon');
  return { scheme: 'basic', username: secret.slice(0, colon), password: secret.slice(colon + 1) };
}

function checked(credential: Credential): Credential {
  if (credential.scheme === 'bearer' && /^bearer\s/i.test(credential.token)) {
    throw new CliError('usage', 'credential_malformed', 'Enter only the token, without the word Bearer');
  }
  try {
    return parseCredential(Buffer.from(JSON.stringify(credential), 'utf8'));
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    throw new CliError('usage', error.code, 'The credential is malformed', [
      'A token or header value may not be empty: it has visible ASCII characters, at most 8 KiB, and a token no spaces.',
    ]);
  }
}
