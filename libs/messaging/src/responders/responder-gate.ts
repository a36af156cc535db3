import { Injectable } from '@nestjs/common';

/** What a gate opens and shuts; the subjects are those of the responders. */
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
   * From now on others of the queue group get these requests; with nobody left, the asking side knows at once.
   * Resolves when requests that were on their way have been handed over too.
   */
  async leave(request: { readonly subject: string }): Promise<void> {
    await this.server?.leave(request.subject);
  }

  /** Resolves when the bus knows that this application takes requests again. */
  async join(request: { readonly subject: string }): Promise<void> {
    await this.server?.join(request.subject);
  }
}
