import { Body, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { AdminController } from '../admins/admin-controller.js';
import { ClearCredentialGuard } from '../rest/clear-credential.guard.js';
import { ExplainDto } from './explain.dto.js';
import { ExplainService } from './explain.service.js';
import { ExplanationView } from './explain.view.js';

/** What a call needs, and why it would be refused. */
@AdminController('servers', 'servers')
@UseGuards(ClearCredentialGuard)
export class ExplainController {
  constructor(private readonly explanations: ExplainService) {}

  @Post(':ref/explain')
  @HttpCode(200)
  @ApiOperation({ summary: 'Which headers a call of one item needs, where each goes, and why it would be refused' })
  @ApiOkResponse({ type: ExplanationView })
  explain(@Param('ref') ref: string, @Body() dto: ExplainDto): Promise<ExplanationView> {
    return this.explanations.explain(ref, dto);
  }
}
