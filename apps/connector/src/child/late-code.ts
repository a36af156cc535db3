import type * as handshakeCode from './handshake-code.js';
import { warmUpOpening } from './opening-warm-up.js';

/** The code of a handshake, as a type: this file does not load it. */
export type HandshakeCode = typeof handshakeCode;

/** Loads it. */
export type LoadHandshakeCode = () => Promise<HandshakeCode>;

/**
 * The code of a handshake in one process. Loaded and warmed up it takes three times the memory of the process without it, so
 * that is done when the process is the next to be used.
 */
export class LateCode {
  private loaded: Promise<HandshakeCode> | undefined;
  private isInUse = false;

  constructor(private readonly loadCode: LoadHandshakeCode) {}

  /** Loads for a handshake that is near: what is left of the warm-up would only delay it. */
  load(): Promise<HandshakeCode> {
    this.isInUse = true;
    return this.loadOnce();
  }

  /** Loads and warms up. Never rejects: without a warm-up a handshake is slower, not impossible. */
  async warmUp(): Promise<void> {
    try {
      const { HANDSHAKE_WARM_UPS } = await this.loadOnce();
      for (const warmUp of [...HANDSHAKE_WARM_UPS, warmUpOpening]) if (!this.isInUse) await warmUp();
    } catch {
      // The handshake shows what is wrong.
    }
  }

  private loadOnce(): Promise<HandshakeCode> {
    return (this.loaded ??= this.loadCode());
  }
}
