import type { RequestType } from '@lethe/contracts';
import { Injectable } from '@nestjs/common';
import { validPayload } from '../payload.js';

/** Where a request came in: the concrete subject, when the responder listens on a wildcard. */
export interface RequestContext {
  subject: string;
}

export interface RegisteredResponder {
  subject: string;
  queue: string | undefined;
  respond: (payload: unknown, context: RequestContext) => Promise<object>;
}

/** Responders whose subject is known at run time only, such as those of one connector's own slots. */
@Injectable()
export class ResponderRegistry {
  private readonly responders: RegisteredResponder[] = [];

  /** Before `startAllMicroservices`. `subject` may hold wildcards. */
  respond<Q extends object, R extends object>(
    request: RequestType<Q, R>,
    subject: string,
    handler: (payload: Q, context: RequestContext) => Promise<R>,
  ): void {
    const respond = async (payload: unknown, context: RequestContext): Promise<R> => {
      const valid = validPayload(request, payload);
      if (valid === undefined) throw new Error('request breaks its contract');
      return handler(valid, context);
    };
    this.responders.push({ subject, queue: request.queue, respond });
  }

  all(): readonly RegisteredResponder[] {
    return this.responders;
  }
}
