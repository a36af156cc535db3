import type { NoticeType, PayloadClass, RequestType } from '@lethe/contracts';
import { applyDecorators, UsePipes, type PipeTransform } from '@nestjs/common';
import { EventPattern, MessagePattern, NatsContext } from '@nestjs/microservices';
import { validPayload } from '../payload.js';

/** Passes the validated instance of its contract class to a handler. A context parameter is passed unchanged. */
class PayloadPipe implements PipeTransform {
  constructor(private readonly type: PayloadClass<object>) {}

  transform(value: unknown): unknown {
    if (value instanceof NatsContext) return value;
    const payload = validPayload(this.type, value);
    if (payload === undefined) throw new Error(`${this.type.name} breaks its contract`);
    return payload;
  }
}

/** Makes a controller method the responder of a request. Its argument is the validated request, its result the reply. */
export function Responds<Q extends object, R extends object>(request: RequestType<Q, R>): MethodDecorator {
  return applyDecorators(MessagePattern(request.subject, { queue: request.queue }), UsePipes(new PayloadPipe(request)));
}

/** Subscribes to a notice; every replica of every application receives it. */
export function OnNotice<T extends object>(notice: NoticeType<T>): MethodDecorator {
  const subscribe: MethodDecorator = EventPattern<unknown>(notice.subject);
  return applyDecorators(subscribe, UsePipes(new PayloadPipe(notice)));
}
