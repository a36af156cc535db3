const NOT_PLAIN = /[^ -~]/;

/** The UTF-8 of a text, one character per byte (`latin1`). */
export function toLatin1Bytes(text: string): string {
  return NOT_PLAIN.test(text) ? Buffer.from(text).toString('latin1') : text;
}
