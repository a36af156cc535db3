import { Body, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { AdminController, CurrentAdmin } from '../admins/admin-controller.js';
import type { AdminIdentity } from '../admins/admins.service.js';
import { ClearCredentialGuard } from '../rest/clear-credential.guard.js';
import { ProbeDto } from './probe.dto.js';
import { ProbeView } from './probe.view.js';
import { ProbesService } from './probes.service.js';

/** What answers at a URL, before it is registered. */
@AdminController('probes', 'probes')
@UseGuards(ClearCredentialGuard)
export class ProbesController {
  constructor(private readonly probes: ProbesService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Looks at a URL without a credential, from a connector; stores nothing' })
  @ApiOkResponse({ type: ProbeView })
  probe(@CurrentAdmin() admin: AdminIdentity, @Body() dto: ProbeDto): Promise<ProbeView> {
    return this.probes.probe(admin.id, dto);
  }
}
