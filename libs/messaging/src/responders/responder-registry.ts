import type { RequestType } from '@lethe/contracts';
import { Injectable } from '@nestjs/common';
import { validPayload } from '../payload.js';

/** The concrete subject of a request, for responders whose subject has wildcards. */
export interface RequestContext {
  subject: string;
}

/** A responder that was registered at run time. */
export interface RegisteredResponder {
  subject: string;
  /** The subject of all such responders, with more wildcards. */
  template: string;
  queue: string | undefined;
  respond: (payload: unknown, context: RequestContext) => Promise<object>;
}

/** Responders whose subject is known only at run time, such as that of one connector's own slots. */
@Injectable()
export class ResponderRegistry {
  private readonly responders: RegisteredResponder[] = [];

  /** Call it before `startAllMicroservices`. `subject` may contain wildcards. */
  respond<Q extends object, R extends object>(
    request: RequestType<Q, R>,
    subject: string,
    handler: (payload: Q, context: RequestContext) => Promise<R>,
  ): void {
    const respond = async (payload: unknown, context: RequestContext): Promise<R> => {
      const valid = validPayload(request, payload);
      if (valid === undefined) throw new Error('the request breaks its contract');
      return handler(valid, context);
    };
    this.responders.push({ subject, template: request.subject, queue: request.queue, respond });
  }

  all(): readonly RegisteredResponder[] {
    return this.responders;
  }
}
