/**
 * The bytes of a text (UTF-8) as a string of one character per byte: what is sent many times is encoded once, and goes out
 * with `latin1` as the bytes it stands for.
 */
export type ByteText = string & { readonly byteText: unique symbol };

export function toByteText(text: string): ByteText {
  return Buffer.from(text, 'utf8').toString('latin1') as ByteText;
}

/** The text again. */
export function fromByteText(bytes: ByteText): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
