import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { CliError } from '../errors/cli.error.js';

const form = z.object({ registries: z.record(z.string(), z.array(z.string().regex(/^[\w-]{43}$/))) });

/** The fingerprints of one kind of keys that the user trusts, per registry; like SSH's file of known hosts. */
export class KnownFingerprints {
  constructor(private readonly path: string) {}

  /** The pinned fingerprints of a registry; empty before the first use. */
  async of(registryUrl: string): Promise<readonly string[]> {
    return (await this.read()).registries[registryUrl] ?? [];
  }

  /** Replaces the pinned fingerprints of a registry. */
  async pin(registryUrl: string, fingerprints: readonly string[]): Promise<void> {
    const { registries } = await this.read();
    const text = JSON.stringify({ registries: { ...registries, [registryUrl]: [...fingerprints] } }, null, 2);
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const draft = `${this.path}.${process.pid}`;
    await writeFile(draft, `${text}\n`, { mode: 0o600 });
    await rename(draft, this.path);
  }

  private async read(): Promise<z.infer<typeof form>> {
    const text = await readFile(this.path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw this.unreadable();
    });
    if (text === undefined) return { registries: {} };
    try {
      return form.parse(JSON.parse(text));
    } catch {
      throw this.unreadable();
    }
  }

  /** A damaged file must not count as empty: the next key would then be trusted without a comparison. */
  private unreadable(): CliError {
    return new CliError('untrusted', 'known_connectors_malformed', `${this.path} can not be read or is malformed`);
  }
}
