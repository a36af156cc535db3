import { Body, Delete, Get, Header, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Idempotent } from '../../idempotency/idempotent.interceptor.js';
import { Operation } from '../../rest/operation.js';
import { type Page, PageQuery } from '../../rest/paging.js';
import { type ReadBack, ReadOnly, TakesView } from '../../rest/read-back.js';
import { withLocation, withTag } from '../../rest/resource-headers.js';
import { AdminController, CurrentAdmin } from '../admin-controller.js';
import { actorOf, type AdminIdentity } from '../admin-identity.js';
import { ChangeAdminDto, CreateAdminDto, RotateAdminDto } from '../admin.dto.js';
import type { Admin } from '../admin.entity.js';
import { AdminView, AdminWithTokenView, toAdminView, toWhoamiView, WhoamiView } from '../admin.view.js';
import { AdminsService } from '../admins.service.js';
import { Requires } from '../requires.js';

/** Administrators and their tokens. */
@AdminController('admins', 'admins')
export class AdminsController {
  constructor(private readonly admins: AdminsService) {}

  @Get('me')
  @Operation('whoami', 'Shows the administrator who asks, and the role', { answer: WhoamiView })
  @Requires('viewer')
  whoami(@CurrentAdmin() admin: AdminIdentity): WhoamiView {
    return toWhoamiView(admin);
  }

  @Post()
  @Operation('createAdmin', 'Makes an administrator; only this answer has the token', {
    status: 201,
    answer: AdminWithTokenView,
    errors: ['secret_shown_once'],
  })
  @Requires('admin')
  @Idempotent({ shownOnce: true })
  @Header('cache-control', 'no-store')
  async create(
    @CurrentAdmin() by: AdminIdentity,
    @Body() dto: CreateAdminDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdminWithTokenView> {
    const { admin, token } = await this.admins.create(dto, actorOf(by));
    return { ...withLocation(reply, 'admins', tagged(reply, admin)), token };
  }

  @Get()
  @Operation('listAdmins', 'Lists the administrators with tokens of Lethe, oldest first', { page: AdminView })
  @Requires('admin')
  async list(@Query() query: PageQuery): Promise<Page<AdminView>> {
    const { items, ...page } = await this.admins.list(query);
    return { items: items.map(toAdminView), ...page };
  }

  @Get(':id')
  @Operation('getAdmin', 'Shows an administrator', { answer: AdminView })
  @Requires('admin')
  async find(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<AdminView> {
    return tagged(reply, await this.admins.find(id));
  }

  @Patch(':id')
  @Operation('changeAdmin', 'Changes name, role or expiry of an administrator, or switches one off', {
    answer: AdminView,
    versioned: true,
    errors: ['last_administrator'],
  })
  @Requires('admin')
  @TakesView(AdminView, ChangeAdminDto, ['id', 'createdBy', 'createdAt'])
  @Idempotent()
  async change(
    @Param('id') id: string,
    @Body() dto: ChangeAdminDto,
    @ReadOnly() readOnly: ReadBack,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdminView> {
    return tagged(reply, await this.admins.change(id, dto, ifMatch, readOnly));
  }

  @Delete(':id')
  @Operation('removeAdmin', 'Deletes an administrator; the token is refused at once', {
    status: 204,
    versioned: true,
    errors: ['last_administrator'],
  })
  @Requires('admin')
  @Idempotent()
  remove(@Param('id') id: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.admins.remove(id, ifMatch);
  }

  @Post(':id/rotate')
  @Operation('rotateAdmin', 'Replaces the token of an administrator; only this answer has the new one', {
    answer: AdminWithTokenView,
    versioned: true,
    errors: ['last_administrator', 'secret_shown_once'],
  })
  @Requires('admin')
  @Idempotent({ shownOnce: true })
  @Header('cache-control', 'no-store')
  async rotate(
    @Param('id') id: string,
    @Body() dto: RotateAdminDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdminWithTokenView> {
    const { admin, token } = await this.admins.rotate(id, dto.overlapSeconds ?? 0, ifMatch);
    return { ...tagged(reply, admin), token };
  }
}

function tagged(reply: FastifyReply, admin: Admin): AdminView {
  return withTag(reply, admin, toAdminView(admin));
}
