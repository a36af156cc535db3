import { Readable } from 'node:stream';
import { bearerToken } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { Get, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdminController, CurrentAdmin } from '../admins/admin-controller.js';
import type { AdminIdentity } from '../admins/admin-identity.js';
import { Operation } from '../rest/operation.js';
import { EVENT_ID, EventsQuery } from './event.dto.js';
import { EventStreams } from './event-streams.service.js';
import { EventView } from './event.view.js';

const TYPE = 'text/event-stream';
const DESCRIPTION =
  'Server-sent events (HTML Living Standard, section 9.2). `event` is the type, `data` an `EventView`, `id` its number in the ' +
  'audit log. With `Last-Event-ID` the stream goes on after that event, however long ago it was; if that is not possible, it ' +
  'begins with an event `reset`. A comment comes every 15 s. Events about administrators are for the role admin, and for ' +
  'those about whom they are. An administrator may have 8 streams.';

/** What happens, as it happens. */
@AdminController('events', 'audit')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  @Get()
  @Operation('streamEvents', 'Streams changes and the progress of verifications as server-sent events', {
    type: TYPE,
    headers: { 'X-Accel-Buffering': '`no`: a balancer should pass each event on at once' },
    errors: ['too_many_streams', 'header_illegal'],
    description: DESCRIPTION,
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: '`id` of the last event that is known',
    schema: { type: 'string', pattern: EVENT_ID.source },
  })
  @ApiExtraModels(EventView)
  async stream(
    @CurrentAdmin() reader: AdminIdentity,
    @Query() { target, lastEventId }: EventsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { authorization: header } = request.headers;
    const from = lastIdOf(request) ?? lastEventId;
    // A request for the head alone would otherwise read for ever.
    if (request.method === 'HEAD') return new StreamableFile(Readable.from([]), { type: TYPE });
    const stream = await this.streams.start({
      reader,
      authorization: { header, token: bearerToken(header) },
      lastEventId: from === undefined ? undefined : Number(from),
      target,
    });
    void reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    return new StreamableFile(stream, { type: TYPE });
  }
}

/** @throws LetheError `header_illegal` */
function lastIdOf({ headers }: FastifyRequest): string | undefined {
  const given = headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  if (typeof given !== 'string' || !EVENT_ID.test(given))
    throw new LetheError('header_illegal', { header: 'Last-Event-ID' });
  return given;
}
