import { isObject, isPlainScope, visibleLine, waitText } from '@lethe/mcp';
import type { ErrorDetail } from '@lethe/platform';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** Three digits that a client may take for the status of an HTTP error. */
const LIKE_A_STATUS = /[45]\d\d/;
/** Models read it. A longer scope is in the data of the error alone. */
const SHOWN_SCOPE = { maxTokens: 8, maxTokenLength: 64 };
const FORMS: Record<string, string> = { bearer: 'Bearer <token>', basic: 'Basic <base64>', dpop: 'DPoP <token>' };

/** Name for people and slug of a gateway, such as `"GitHub" (github)`. */
export function gatewayText(slug: string, server: VirtualServer | undefined): string {
  const given = server?.gateways.find((gateway) => gateway.slug === slug)?.name ?? slug;
  const name = visibleLine(given).replaceAll('"', '').trim();
  return name === slug || name === '' || LIKE_A_STATUS.test(name) ? `"${slug}"` : `"${name}" (${slug})`;
}

/** The detail of an error in the words of its message. */
export class ErrorFacts {
  constructor(
    readonly detail: ErrorDetail,
    private readonly server: VirtualServer | undefined,
  ) {}

  /** The gateway that the error is about. */
  get gateway(): string | undefined {
    const slug = this.text('gateway');
    return slug === undefined ? undefined : gatewayText(slug, this.server);
  }

  /** The slug of that gateway. */
  get slug(): string {
    return this.text('gateway') ?? '';
  }

  /** The gateways that it is about, if there are several. */
  get gateways(): string[] {
    return this.texts('gateways').map((slug) => gatewayText(slug, this.server));
  }

  /** The header that the error is about. */
  get header(): string | undefined {
    return this.text('header');
  }

  /** The same at the start of a sentence. */
  get theHeader(): string {
    return this.header === undefined ? 'A passthrough header' : `The header ${this.header}`;
  }

  get shortHeader(): string | undefined {
    return this.text('shortHeader');
  }

  /** All names of the header, and what is in it. */
  get headerAndForm(): string | undefined {
    const { header, shortHeader, scheme } = this;
    if (header === undefined) return undefined;
    const either = shortHeader === undefined ? header : `${header} or ${shortHeader}`;
    return scheme === undefined ? either : `${either}, as "${scheme}"`;
  }

  /** All mapped headers of the gateway. */
  get headers(): string[] {
    return this.texts('headers');
  }

  /** Those that the caller did not send. */
  get notSent(): string[] {
    return this.texts('notSent');
  }

  /** Those that the caller sent. */
  get sent(): string[] {
    const { notSent } = this;
    return this.headers.filter((header) => !notSent.includes(header));
  }

  /** Headers to send instead. */
  get alternatives(): string[] {
    return this.texts('use');
  }

  /** The gateway has no mapping, so callers can send it nothing. */
  get isUnmapped(): boolean {
    return Array.isArray(this.detail['headers']) && this.headers.length === 0;
  }

  /** Whether the gateway's manifest says where its callers log in. */
  get canLogIn(): boolean {
    return isObject(this.detail['oauth']);
  }

  /** The error of the upstream's challenge, of a closed list. */
  get challengeError(): string {
    const { error } = this.challenge;
    return typeof error === 'string' ? error : '';
  }

  /** The scope that the challenge asks for, if it is plain: it is the upstream's text. */
  get wantedScope(): string | undefined {
    const { scope } = this.challenge;
    if (typeof scope !== 'string' || LIKE_A_STATUS.test(scope)) return undefined;
    return isPlainScope(scope, SHOWN_SCOPE) ? scope : undefined;
  }

  /** What the mapping's scheme makes of a header's value. */
  get scheme(): string | undefined {
    return FORMS[this.text('scheme') ?? ''];
  }

  get rule(): string {
    return this.text('rule') ?? '';
  }

  /** How a variable is written that a client did not replace. */
  get notation(): string {
    return this.text('notation') ?? '${NAME}';
  }

  get why(): string {
    return this.text('why') ?? '';
  }

  get httpStatus(): number | undefined {
    return this.number('httpStatus');
  }

  /** When to try again, such as `in 6 min 41 s`. */
  get retryAfter(): string {
    const seconds = this.number('retryAfterSeconds');
    return seconds === undefined ? 'later' : `in ${waitText(Math.max(1, Math.ceil(seconds)))}`;
  }

  /** The address to register instead, unless a client could take a part of it for an HTTP status. */
  get registerUrl(): string | undefined {
    const url = this.text('registerUrl');
    return url === undefined || LIKE_A_STATUS.test(url) ? undefined : url;
  }

  private get challenge(): Record<string, unknown> {
    const { challenge } = this.detail;
    return isObject(challenge) ? challenge : {};
  }

  private text(member: string): string | undefined {
    const value = this.detail[member];
    return typeof value === 'string' ? value : undefined;
  }

  private texts(member: string): string[] {
    const value = this.detail[member];
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  }

  private number(member: string): number | undefined {
    const value = this.detail[member];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }
}
