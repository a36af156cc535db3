/** The parts of a request target in absolute form. */
export interface AbsoluteForm {
  /** Host and port, in lower case; it may contain anything. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
}

const ABSOLUTE = /^https?:\/\/(?<host>[^/?#]*)(?<path>.*)$/i;

/** Reads a target in absolute form, which every server must accept (RFC 9112, section 3.2.2); undefined for other forms. */
export function absoluteForm(target: string): AbsoluteForm | undefined {
  const { host, path = '' } = ABSOLUTE.exec(target)?.groups ?? {};
  if (host === undefined) return undefined;
  return { host: host.toLowerCase(), path: path.startsWith('/') ? path : `/${path}` };
}
