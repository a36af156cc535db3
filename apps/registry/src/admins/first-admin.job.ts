import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LOGGER, type Logger, Settings } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { AdminsService } from './admins.service.js';

/**
 * Creates an administrator at the very first start and writes the token to `${home}/admin-token`, readable by the owner
 * only.
 */
@Injectable()
export class FirstAdmin {
  constructor(
    private readonly admins: AdminsService,
    @Inject(Settings) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    await this.admins.makeFirst(async (token) => {
      await mkdir(this.settings.home, { recursive: true, mode: 0o700 });
      const path = join(this.settings.home, 'admin-token');
      await rm(path, { force: true });
      await writeFile(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
      this.logger.info('The first admin token was written to admin-token in the data directory');
    });
  }
}
