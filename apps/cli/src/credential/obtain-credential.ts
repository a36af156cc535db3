import { readFile } from 'node:fs/promises';
import type { Credential, CredentialHeader, CredentialParameter } from '@lethe/contracts';
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
  /** The access token, for a kind that comes from a login. */
  accessToken?: string | undefined;
}

/**
 * Reads the secrets of a credential, at hidden prompts or from standard input, and checks their form here, so that
 * nothing is registered and no slot is reserved for a credential that would be rejected.
 */
export async function obtainCredential(terminal: Terminal, request: CredentialRequest): Promise<Credential> {
  const { kind, recipient, isFromStdin, accessToken } = request;
  if (kind.length === 0) return { scheme: 'none' };
  terminal.note(`The credential is for ${recipient}`);
  const privateKeys = await Promise.all(kind.map(keyOf));
  const questions = kind.flatMap((part) => questionOf(part) ?? []);
  const answers = isFromStdin ? await readSecretLines(terminal) : await askAll(terminal, questions);
  const isEmptyInput = questions.length === 0 && answers.every((line) => line === '');
  if (answers.length !== questions.length && !isEmptyInput) {
    const lines = `Standard input must have ${countText(questions.length, 'line')}: ${questions.join(', ')}`;
    throw new CliError('usage', 'credential_malformed', lines);
  }
  const rest = [...answers];
  const secrets = kind.map((part, index) =>
    'isFromLogin' in part ? (accessToken ?? '') : (privateKeys[index] ?? rest.shift() ?? ''),
  );
  return checked(assemble(kind, secrets));
}

/** The private key of a part that names its file; undefined for others. */
async function keyOf(part: SecretPart): Promise<string | undefined> {
  if (!('keyFile' in part) || part.keyFile === undefined) return undefined;
  try {
    return await readFile(part.keyFile, 'utf8');
  } catch {
    throw new CliError('usage', 'private_key_unreadable', 'The file that --oauth-private-key names can not be read');
  }
}

/** Undefined for a secret that is in a file, or there already. */
function questionOf(part: SecretPart): string | undefined {
  if ('query' in part) {
    return `Value of the query parameter ${part.query}${part.isOptional ? ' (empty: not sent)' : ''}`;
  }
  if ('header' in part) {
    const facts = [
      ...(beginsWithScheme(part.header) ? ['with its scheme, as "Bearer <token>"'] : []),
      ...(part.isOptional ? ['empty: not sent'] : []),
    ];
    return `Value of ${part.header}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`;
  }
  if (part.scheme === 'oauth')
    return part.keyFile === undefined ? `Client secret of ${part.client.clientId}` : undefined;
  if (part.scheme === 'bearer') return part.isFromLogin ? undefined : 'Bearer token';
  return part.username === undefined ? 'User name and password, as user:password' : `Password of ${part.username}`;
}

async function askAll(terminal: Terminal, questions: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const question of questions) answers.push(await askSecret(terminal, question));
  return answers;
}

type Authorization = Exclude<Credential, { scheme: 'headers' | 'query' | 'none' }>;

function assemble(kind: CredentialKind, secrets: string[]): Credential {
  const headers: CredentialHeader[] = [];
  const parameters: CredentialParameter[] = [];
  let authorization: Authorization | undefined;
  for (const [index, part] of kind.entries()) {
    const value = secrets[index] ?? '';
    if ('scheme' in part) authorization = authorizationOf(part, value);
    else if (value === '' && part.isOptional) continue;
    else if ('query' in part) parameters.push({ name: part.query, value });
    else headers.push({ name: part.header, value });
  }
  const beside = { ...(headers.length > 0 && { headers }), ...(parameters.length > 0 && { parameters }) };
  if (authorization !== undefined) return { ...authorization, ...beside };
  if (headers.length > 0) return { scheme: 'headers', headers, ...beside };
  return parameters.length > 0 ? { scheme: 'query', parameters } : { scheme: 'none' };
}

function authorizationOf(part: Extract<SecretPart, { scheme: string }>, secret: string): Authorization {
  if (part.scheme === 'oauth') {
    return { ...part.client, ...(part.keyFile === undefined ? { clientSecret: secret } : { privateKey: secret }) };
  }
  if (part.scheme === 'bearer') return { scheme: 'bearer', token: secret };
  if (part.username !== undefined) return { scheme: 'basic', username: part.username, password: secret };
  const colon = secret.indexOf(':');
  if (colon < 0) throw new CliError('usage', 'credential_malformed', 'Enter user:password, with the colon');
  return { scheme: 'basic', username: secret.slice(0, colon), password: secret.slice(colon + 1) };
}

const VALUE_RULE =
  'A token or header value may not be empty: it has visible ASCII characters, at most 8 KiB, and a token no spaces.';
const KEY_RULE =
  'A private key is PEM or JWK, not encrypted: RSA of at least 2,048 bits, EC on P-256, P-384 or P-521, or Ed25519.';

function checked(credential: Credential): Credential {
  if (credential.scheme === 'bearer' && /^bearer\s/i.test(credential.token)) {
    throw new CliError('usage', 'credential_malformed', 'Enter only the token, without the word Bearer');
  }
  try {
    return parseCredential(Buffer.from(JSON.stringify(credential), 'utf8'));
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    const rule = 'privateKey' in credential ? KEY_RULE : VALUE_RULE;
    throw new CliError('usage', error.code, 'The credential is malformed', [rule]);
  }
}
