/** Reads the body of one response. An error that is thrown here aborts the upstream request. */
export interface BodyReader {
  /** Returns false if the client reads too slowly: `onDrain` then reports when to continue. */
  data(chunk: Buffer): boolean;
  onDrain?(resume: () => void): void;
  /** The body is complete. */
  end(): void;
}
