import { Injectable } from '@nestjs/common';

/** A server whose subscriptions a gate ends and restarts, by the responders' subjects. */
export interface GatedServer {
  leave(subject: string): Promise<void>;
  join(subject: string): Promise<void>;
}

/** Removes this application from the queue group of a request while it can't serve such requests. */
@Injectable()
export class ResponderGate {
  private server: GatedServer | undefined;

  /** Called by `connectResponders`. */
  guard(server: GatedServer): void {
    this.server = server;
  }

  /**
   * From now on only other members of the queue group get these requests. Without any, requests fail at once. Resolves when
   * requests that were already on their way have been delivered.
   */
  async leave(request: { readonly subject: string }): Promise<void> {
    await this.server?.leave(request.subject);
  }

  /** Joins the queue group again. Resolves when the bus has registered that. */
  async join(request: { readonly subject: string }): Promise<void> {
    await this.server?.join(request.subject);
  }
}
