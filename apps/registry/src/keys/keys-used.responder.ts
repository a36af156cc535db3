import { KeysUsed } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { LastKeyUses } from './last-key-uses.service.js';

/** Hears from proxies which keys were used. */
@Controller()
export class KeysUsedResponder {
  constructor(private readonly uses: LastKeyUses) {}

  @OnNotice(KeysUsed)
  onUsed(notice: KeysUsed): Promise<void> {
    return this.uses.note(notice);
  }
}
