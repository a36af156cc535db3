/** `gzip` among the codings, but not with the weight 0. */
const GZIP = /(?:^|,)[\t ]*(?:x-)?gzip[\t ]*(?:;[\t ]*q=(?!0(?:\.0{0,3})?[\t ]*(?:,|$))[\d.]+[\t ]*)?(?:,|$)/i;

/** Whether an `Accept-Encoding` takes gzip (RFC 9110, section 12.5.3); what takes anything is sent what is plain. */
export function acceptsGzip(header: string | undefined): boolean {
  return header !== undefined && GZIP.test(header);
}
