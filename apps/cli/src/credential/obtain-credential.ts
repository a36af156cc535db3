import type { Credential } from '@lethe/contracts';
import { parseCredential, SealingError } from '@lethe/sealing';
import { CliError } from '../errors/cli.error.js';
import { askSecret, readSecretLines } from '../terminal/ask-secret.js';
import type { Terminal } from '../terminal/terminal.js';
import type { CredentialKind } from './credential-kind.js';

/**
 * Reads the secrets of a credential, at hidden prompts or from standard input (one line each), and checks their form
 * here, so that no slot is reserved for a credential that would be rejected.
 */
export async function obtainCredential(
  terminal: Terminal,
  kind: CredentialKind,
  fromStdin: boolean,
): Promise<Credential> {
  const questions = questionsOf(kind);
  const secrets = fromStdin ? await readSecretLines(terminal) : await askAll(terminal, questions);
  if (secrets.length !== questions.length) {
    const lines = `Standard input must have ${questions.length} line(s): ${questions.join(', ')}`;
    throw new CliError('usage', 'credential_malformed', lines);
  }
  return checked(assemble(kind, secrets));
}

function questionsOf(kind: CredentialKind): string[] {
  if (kind.scheme === 'bearer') return ['Bearer token'];
  if (kind.scheme === 'basic') return [`Password of ${kind.username}`];
  return kind.scheme === 'headers' ? kind.names.map((name) => `Value of ${name}`) : [];
}

async function askAll(terminal: Terminal, questions: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const question of questions) answers.push(await askSecret(terminal, question));
  return answers;
}

function assemble(kind: CredentialKind, [first = '', ...others]: string[]): Credential {
  if (kind.scheme === 'bearer') return { scheme: 'bearer', token: first };
  if (kind.scheme === 'basic') return { scheme: 'basic', username: kind.username, password: first };
  if (kind.scheme === 'none') return { scheme: 'none' };
  const values = [first, ...others];
  return { scheme: 'headers', headers: kind.names.map((name, index) => ({ name, value: values[index] ?? '' })) };
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
      'Tokens and header values consist of visible ASCII characters, at most 8 KiB. A token has no spaces.',
    ]);
  }
}
