import { Body, Param, Post, UseGuards } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Requires } from '../admins/requires.js';
import { ClearCredentialGuard } from '../rest/clear-credential.guard.js';
import { Operation } from '../rest/operation.js';
import { ExplainDto } from './explain.dto.js';
import { ExplainService } from './explain.service.js';
import { ExplanationView } from './explain.view.js';

/** What a call needs, and why it would be refused. */
@AdminController('servers', 'servers')
@UseGuards(ClearCredentialGuard)
export class ExplainController {
  constructor(private readonly explanations: ExplainService) {}

  @Post(':ref/explain')
  @Operation(
    'explainCall',
    'Tells which headers a call of one item needs, where each goes, and why it would be refused',
    {
      answer: ExplanationView,
      description: 'It changes nothing, and no call is made.',
    },
  )
  @Requires('viewer')
  explain(@Param('ref') ref: string, @Body() dto: ExplainDto): Promise<ExplanationView> {
    return this.explanations.explain(ref, dto);
  }
}
