import { Body, Post, UseGuards } from '@nestjs/common';
import { AdminController, CurrentAdmin } from '../admins/admin-controller.js';
import type { AdminIdentity } from '../admins/admin-identity.js';
import { ClearCredentialGuard } from '../rest/clear-credential.guard.js';
import { Operation } from '../rest/operation.js';
import { ProbeDto } from './probe.dto.js';
import { ProbeView } from './probe.view.js';
import { ProbesService } from './probes.service.js';

/** What answers at a URL, before it is registered. */
@AdminController('probes', 'probes')
@UseGuards(ClearCredentialGuard)
export class ProbesController {
  constructor(private readonly probes: ProbesService) {}

  @Post()
  @Operation('probeUpstream', 'Looks at a URL without a credential, from a connector; stores nothing', {
    answer: ProbeView,
    errors: ['url_forbidden', 'too_many_probes', 'no_connector', 'bus_captured', 'bus_unavailable'],
  })
  probe(@CurrentAdmin() admin: AdminIdentity, @Body() dto: ProbeDto): Promise<ProbeView> {
    return this.probes.probe(admin.id, dto);
  }
}
