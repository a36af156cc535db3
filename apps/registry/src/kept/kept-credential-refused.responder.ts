import { KeptCredentialRefused } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { RefusedKeptCredentials } from './refused-kept-credentials.service.js';

/** Hears from proxies which kept credentials they do not use. */
@Controller()
export class KeptCredentialRefusedResponder {
  constructor(private readonly refused: RefusedKeptCredentials) {}

  @OnNotice(KeptCredentialRefused)
  onRefused(notice: KeptCredentialRefused): void {
    this.refused.note(notice);
  }
}
