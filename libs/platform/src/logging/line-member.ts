import { allowedFields } from './logger.js';

/** Values that are kept encoded; with one more, all are encoded again. */
const MAX_KEPT = 10_000;
/** Longer values are not kept: they are a client's own text, and may be as long as its message. */
const MAX_LENGTH = 256;

/** One member of log lines whose values come again and again: each is encoded once. */
export class LineMember {
  private readonly kept = new Map<string, string>();

  /**
   * @param name of an allowed field
   * @param clean makes a value fit for a log
   */
  constructor(
    private readonly name: string,
    private readonly clean: (value: string) => string = (value) => value,
  ) {}

  /** The member, for `WriteLine`; empty for an empty value. */
  of(value: string): string {
    return this.kept.get(value) ?? this.encode(value);
  }

  private encode(value: string): string {
    const text = this.clean(value);
    const member = text === '' ? '' : `,${JSON.stringify(allowedFields({ [this.name]: text })).slice(1, -1)}`;
    if (value.length > MAX_LENGTH) return member;
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(value, member);
    return member;
  }
}
