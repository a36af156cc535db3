/** `gzip` or `x-gzip` in the list, without the weight 0. */
const GZIP = /(?:^|,)[\t ]*(?:x-)?gzip[\t ]*(?:;[\t ]*q=(?!0(?:\.0{0,3})?[\t ]*(?:,|$))[\d.]+[\t ]*)?(?:,|$)/i;
const NOT_PLAIN_ASCII = /[^ -~]/;

/**
 * Whether an `Accept-Encoding` header names gzip (RFC 9110, section 12.5.3). A client that accepts any coding (`*`) gets the
 * plain body.
 */
export function acceptsGzip(header: string | undefined): boolean {
  return header !== undefined && GZIP.test(header);
}

/** The UTF-8 bytes of a text as a `latin1` string: one character per byte. Such a string is written without encoding it again. */
export function toLatin1Bytes(text: string): string {
  return NOT_PLAIN_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text;
}
