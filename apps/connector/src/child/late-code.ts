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
  private warmed: Promise<void> | undefined;
  private isWanted = false;

  constructor(private readonly loadCode: LoadHandshakeCode) {}

  load(): Promise<HandshakeCode> {
    return (this.loaded ??= this.loadCode());
  }

  /** Loads for a handshake that begins now: what is left of the warm-up would only delay it. */
  loadToUse(): Promise<HandshakeCode> {
    this.isWanted = true;
    return this.load();
  }

  /** Loads and warms up, once. Never rejects: without a warm-up a handshake is slower, not impossible. */
  warmUp(): Promise<void> {
    return (this.warmed ??= this.runWarmUps().catch(() => undefined));
  }

  private async runWarmUps(): Promise<void> {
    const { HANDSHAKE_WARM_UPS } = await this.load();
    for (const warmUp of [...HANDSHAKE_WARM_UPS, warmUpOpening]) {
      if (this.isWanted) return;
      await warmUp();
    }
  }
}
