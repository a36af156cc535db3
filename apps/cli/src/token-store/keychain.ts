import { spawn } from 'node:child_process';
import { createRequire as requireFrom } from 'node:module';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { cancelled, CliError } from '../errors/cli.error.js';
import { keyOf, keyText, newStoreKey, type StoreKey } from './store-key.js';

const SERVICE = 'lethe';
const MAX_ANSWER = 4_096;

/**
 * Runs in a process of its own: a call into a keychain can hang inside the operating system, and a hanging thread would keep
 * this process from ending. On Linux the store is pinned: the library would otherwise fall back, without a word, to the
 * kernel's keyring, which forgets at the next boot.
 */
const PROGRAM = `
let input = '';
for await (const chunk of process.stdin) input += chunk;
const { library, service, account, secret } = JSON.parse(input);
const say = (answer) => process.stdout.write(JSON.stringify(answer));
const { AsyncEntry } = await import(library);
let entry;
try { entry = new AsyncEntry(service, account, { linux: { store: 'secret-service' } }); }
catch { say({ outcome: 'unavailable' }); process.exit(0); }
try {
  if (secret === null) await entry.deleteCredential();
  else if (secret !== undefined) await entry.setPassword(secret);
  say({ outcome: 'done', secret: (await entry.getPassword()) ?? undefined });
} catch { say({ outcome: 'refused' }); }
process.exit(0);
`;

/** Which entry of the keychain, and how long each call may take. */
export interface KeychainOptions {
  /** Differs for each store of this user. */
  account: string;
  /** Longer where a person may have to unlock it. */
  timeoutMs: number;
  /** Path of the library; undefined: `@napi-rs/keyring`, if it is installed. */
  library?: string | undefined;
  /** Ends a call that waits for the person. */
  signal?: AbortSignal | undefined;
}

const answerForm = z.object({ outcome: z.enum(['done', 'unavailable', 'refused']), secret: z.string().optional() });
type Answer = z.infer<typeof answerForm>;

/** A key in the keychain of the operating system: Keychain, Credential Manager, or a Secret Service. */
export class Keychain implements StoreKey {
  private readonly library: string | undefined;

  constructor(private readonly options: KeychainOptions) {
    this.library = options.library ?? installed();
  }

  async read(): Promise<Buffer | undefined> {
    const secret = await this.ask();
    if (secret === undefined) return undefined;
    const key = keyOf(secret);
    if (key) return key;
    throw new CliError('untrusted', 'store_key_damaged', 'The entry "lethe" of the keychain is not a key of Lethe', [
      'Nothing was changed. If another program wrote it, remove it there.',
    ]);
  }

  /** Callers have a lock: two processes would overwrite each other. */
  async make(): Promise<Buffer> {
    const key = newStoreKey();
    const stored = await this.ask(keyText(key));
    if (stored === keyText(key)) return key;
    throw unavailable('The keychain did not keep what was written to it.');
  }

  async remove(): Promise<void> {
    await this.ask(null);
  }

  /** @param secret to store before; null: to remove; undefined: only read */
  private async ask(secret?: string | null): Promise<string | undefined> {
    if (this.library === undefined) throw unavailable('The package @napi-rs/keyring is not installed.');
    const { account, timeoutMs, signal } = this.options;
    const library = pathToFileURL(this.library).href;
    const answer = await run(JSON.stringify({ library, service: SERVICE, account, secret }), timeoutMs, signal);
    if (answer?.outcome === 'done') return answer.secret;
    if (answer?.outcome === 'refused') throw refused();
    throw unavailable('There is none here: no session bus, or no keychain program.');
  }
}

/** @throws CliError `keychain_slow`, `cancelled` */
async function run(input: string, timeoutMs: number, signal?: AbortSignal): Promise<Answer | undefined> {
  if (signal?.aborted === true) throw cancelled();
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const give = (error: CliError): void => {
      child.kill('SIGKILL');
      reject(error);
    };
    const timer = setTimeout(() => give(slow(timeoutMs)), timeoutMs);
    const cancel = (): void => give(cancelled());
    signal?.addEventListener('abort', cancel, { once: true });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < MAX_ANSWER) output += text;
    });
    child.once('error', () => resolve(undefined));
    child.once('close', (_code, name) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      // Ctrl-C of a terminal goes to this process as well.
      if (name === 'SIGINT') reject(cancelled());
      resolve(parse(output));
    });
    child.stdin.on('error', () => undefined).end(input);
  });
}

function parse(output: string): Answer | undefined {
  try {
    return answerForm.parse(JSON.parse(output));
  } catch {
    return undefined;
  }
}

function installed(): string | undefined {
  try {
    return requireFrom(import.meta.url).resolve('@napi-rs/keyring');
  } catch {
    return undefined;
  }
}

const INSTEAD = [
  'To keep logins in a file that is as private as an SSH key without a passphrase: lethe login <server> --store file',
  'To keep them in memory only, while that command runs: --store memory',
];

function unavailable(why: string): CliError {
  return new CliError('usage', 'keychain_unavailable', 'There is no keychain here; nothing was written', [
    why,
    ...INSTEAD,
  ]);
}

function refused(): CliError {
  return new CliError('usage', 'keychain_refused', 'The keychain did not give the key; nothing was changed', [
    'It is locked, or it was told not to let lethe in. Unlock it and try again.',
  ]);
}

function slow(timeoutMs: number): CliError {
  const seconds = timeoutMs / 1_000;
  return new CliError(
    'usage',
    'keychain_slow',
    `The keychain did not answer within ${seconds} s; nothing was changed`,
    [
      'It may be showing a prompt that waits for you, or be locked in a session without a screen (SSH). Unlock it and try again.',
    ],
  );
}
