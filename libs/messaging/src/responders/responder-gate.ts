import { Injectable } from '@nestjs/common';

/** The subscriptions that a gate opens and closes, by the responders' subjects. */
export interface GatedServer {
  leave(subject: string): Promise<void>;
  join(subject: string): Promise<void>;
}

/** Takes this application out of a request's queue group while it can't serve, and back in. */
@Injectable()
export class ResponderGate {
  private server: GatedServer | undefined;

  /** Called by `connectResponders`. */
  guard(server: GatedServer): void {
    this.server = server;
  }

  /**
   * From now on other members of the queue group get these requests; if there is none, the caller is told at once.
   * Resolves when requests that were already on their way have been handed over.
   */
  async leave(request: { readonly subject: string }): Promise<void> {
    await this.server?.leave(request.subject);
  }

  /** Resolves when the bus knows that this application takes requests again. */
  async join(request: { readonly subject: string }): Promise<void> {
    await this.server?.join(request.subject);
  }
}
