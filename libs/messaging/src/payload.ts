import { MAX_MESSAGE_BYTES, type PayloadClass } from '@lethe/contracts';
import { validateSync } from 'class-validator';

/**
 * Makes an instance of a contract class from parsed JSON; `undefined` when it breaks the class's rules.
 * Nested values stay the parsed objects themselves: class-transformer would drop members such as `constructor`, and
 * catalogues travel verbatim. Members that the class does not know are left out.
 */
export function validPayload<T extends object>(type: PayloadClass<T>, parsed: unknown): T | undefined {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const instance = new type();
  Object.defineProperties(instance, Object.getOwnPropertyDescriptors(parsed));
  const broken = validateSync(instance, { whitelist: true, forbidUnknownValues: true, stopAtFirstError: true });
  return broken.length === 0 ? instance : undefined;
}

/** Like `validPayload`, for JSON text. */
export function decodePayload<T extends object>(type: PayloadClass<T>, text: string): T | undefined {
  try {
    return validPayload(type, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @throws RangeError when a text is longer than a bus message may be */
export function assertMessageSize(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MESSAGE_BYTES) throw new RangeError(`a bus message of ${bytes} bytes; at most ${MAX_MESSAGE_BYTES}`);
}

/**
 * The JSON of a payload.
 * @throws RangeError when it is longer than a bus message may be
 */
export function encodePayload(payload: object): string {
  const text = JSON.stringify(payload);
  assertMessageSize(text);
  return text;
}
