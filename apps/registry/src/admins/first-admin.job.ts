import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMIN_TOKEN_PREFIX } from '@lethe/contracts';
import { LOGGER, type Logger, Settings, StartError } from '@lethe/platform';
import { newSecret, type NewSecret, readSecret } from '@lethe/sealing';
import { Inject, Injectable } from '@nestjs/common';
import { AdminsService } from './admins.service.js';

/**
 * Creates an administrator at the very first start. The token is that of `LETHE_ADMIN_TOKEN_FILE`; otherwise a new one,
 * written to `${home}/admin-token`, readable by the owner only.
 */
@Injectable()
export class FirstAdmin {
  constructor(
    private readonly admins: AdminsService,
    @Inject(Settings) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    const { adminTokenFile } = this.settings;
    await this.admins.makeFirst(() => (adminTokenFile === undefined ? this.newToken() : givenToken(adminTokenFile)));
  }

  private async newToken(): Promise<NewSecret> {
    const made = newSecret(ADMIN_TOKEN_PREFIX);
    await mkdir(this.settings.home, { recursive: true, mode: 0o700 });
    const path = join(this.settings.home, 'admin-token');
    await rm(path, { force: true });
    await writeFile(path, `${made.token}\n`, { mode: 0o600, flag: 'wx' });
    this.logger.info('The first admin token was written to admin-token in the data directory');
    return made;
  }
}

/**
 * Reads the token of `LETHE_ADMIN_TOKEN_FILE`.
 * @throws StartError when the file can't be read or holds something else
 */
export async function givenToken(path: string): Promise<Pick<NewSecret, 'id' | 'secret'>> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw new StartError('LETHE_ADMIN_TOKEN_FILE: can not be read');
  const token = readSecret(ADMIN_TOKEN_PREFIX, text.trim());
  if (token === undefined)
    throw new StartError('LETHE_ADMIN_TOKEN_FILE: must hold what `lethe trust admin-token` printed');
  return token;
}
