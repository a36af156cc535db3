import {
  applyDecorators,
  Body,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPreconditionFailedResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiPage } from '../rest/api-page.js';
import { etagOf } from '../rest/etag.js';
import { type Page, PageQuery, toPage } from '../rest/paging.js';
import { AdminController, CurrentAdmin } from './admin-controller.js';
import { actorOf, type AdminIdentity } from './admin-identity.js';
import { ChangeAdminDto, CreateAdminDto, RotateAdminDto } from './admin.dto.js';
import type { Admin } from './admin.entity.js';
import { AdminView, AdminWithTokenView, toAdminView, toWhoamiView, WhoamiView } from './admin.view.js';
import { AdminsService } from './admins.service.js';
import { Requires } from './requires.js';

const BAD_REQUEST = { description: '`invalid_request`: `errors` has each field and the rule that it breaks' };
const LAST = { description: '`last_administrator`: one must stay who is enabled and does not expire' };

/** The errors of a change of one administrator. */
function Changes(): MethodDecorator {
  return applyDecorators(
    ApiHeader({ name: 'If-Match', required: false, description: 'ETag of what was read' }),
    ApiNotFoundResponse({ description: '`not_found`' }),
    ApiConflictResponse(LAST),
    ApiPreconditionFailedResponse({ description: '`precondition_failed`: it has changed since' }),
  );
}

/** Administrators and their tokens. */
@AdminController('admins', 'admins')
export class AdminsController {
  constructor(private readonly admins: AdminsService) {}

  @Get('me')
  @Requires('viewer')
  @ApiOperation({ operationId: 'whoami', summary: 'The administrator who asks, and the role' })
  @ApiOkResponse({ type: WhoamiView })
  whoami(@CurrentAdmin() admin: AdminIdentity): WhoamiView {
    return toWhoamiView(admin);
  }

  @Post()
  @Requires('admin')
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'createAdmin', summary: 'Make an administrator; only the answer has the token' })
  @ApiCreatedResponse({ type: AdminWithTokenView })
  @ApiBadRequestResponse(BAD_REQUEST)
  async create(
    @CurrentAdmin() by: AdminIdentity,
    @Body() dto: CreateAdminDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdminWithTokenView> {
    const { admin, token } = await this.admins.create(dto, actorOf(by));
    return { ...withTag(reply, admin), token };
  }

  @Get()
  @Requires('admin')
  @ApiOperation({ operationId: 'listAdmins', summary: 'List administrators with tokens of Lethe' })
  @ApiPage(AdminView)
  @ApiBadRequestResponse(BAD_REQUEST)
  async list(@Query() query: PageQuery): Promise<Page<AdminView>> {
    const rows = await this.admins.list(query);
    return toPage(rows, query, ({ createdAt, id }) => [createdAt.toISOString(), id], toAdminView);
  }

  @Get(':id')
  @Requires('admin')
  @ApiOperation({ operationId: 'getAdmin', summary: 'One administrator' })
  @ApiOkResponse({ type: AdminView })
  @ApiNotFoundResponse({ description: '`not_found`' })
  async find(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<AdminView> {
    return withTag(reply, await this.admins.find(id));
  }

  @Patch(':id')
  @Requires('admin')
  @ApiOperation({ operationId: 'changeAdmin', summary: 'Change name, role or expiry, or switch one off' })
  @ApiOkResponse({ type: AdminView })
  @ApiBadRequestResponse(BAD_REQUEST)
  @Changes()
  async change(
    @Param('id') id: string,
    @Body() dto: ChangeAdminDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdminView> {
    return withTag(reply, await this.admins.change(id, dto, ifMatch));
  }

  @Delete(':id')
  @Requires('admin')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeAdmin', summary: 'Delete an administrator; the token is refused at once' })
  @ApiNoContentResponse()
  @Changes()
  remove(@Param('id') id: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.admins.remove(id, ifMatch);
  }

  @Post(':id/rotate')
  @Requires('admin')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'rotateAdmin', summary: 'Replace a token; only the answer has the new one' })
  @ApiOkResponse({ type: AdminWithTokenView })
  @ApiBadRequestResponse(BAD_REQUEST)
  @Changes()
  async rotate(
    @Param('id') id: string,
    @Body() dto: RotateAdminDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdminWithTokenView> {
    const { admin, token } = await this.admins.rotate(id, dto.overlapSeconds ?? 0, ifMatch);
    return { ...withTag(reply, admin), token };
  }
}

function withTag(reply: FastifyReply, admin: Admin): AdminView {
  void reply.header('etag', etagOf(admin));
  return toAdminView(admin);
}
