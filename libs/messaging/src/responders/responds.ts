import type { NoticeType, PayloadClass, RequestType } from '@lethe/contracts';
import { applyDecorators, UsePipes, type PipeTransform } from '@nestjs/common';
import { EventPattern, MessagePattern, NatsContext } from '@nestjs/microservices';
import { validPayload } from '../payload.js';

/** Hands a handler the validated instance of its contract class; a context parameter passes. */
class PayloadPipe implements PipeTransform {
  constructor(private readonly type: PayloadClass<object>) {}

  transform(value: unknown): unknown {
    if (value instanceof NatsContext) return value;
    const payload = validPayload(this.type, value);
    if (payload === undefined) throw new Error(`${this.type.name} breaks its contract`);
    return payload;
  }
}

/** Answers a request from this controller method: one argument, the validated request; what it resolves to is the reply. */
export function Responds<Q extends object, R extends object>(request: RequestType<Q, R>): MethodDecorator {
  return applyDecorators(MessagePattern(request.subject, { queue: request.queue }), UsePipes(new PayloadPipe(request)));
}

/** Subscribes to a notice; every replica of every application receives it. */
export function OnNotice<T extends object>(notice: NoticeType<T>): MethodDecorator {
  const hears: MethodDecorator = EventPattern<unknown>(notice.subject);
  return applyDecorators(hears, UsePipes(new PayloadPipe(notice)));
}
