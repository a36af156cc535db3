import { MAX_MESSAGE_BYTES, type PayloadClass } from '@lethe/contracts';
import { validateSync } from 'class-validator';

/**
 * Creates an instance of a contract class from parsed JSON; `undefined` if it breaks the rules of the class. Nested values
 * stay as they were parsed: class-transformer would drop members such as `constructor`, and catalogues must not change.
 * Members that the class does not have are dropped.
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

/** @throws RangeError if a text is too long for a bus message */
export function assertMessageSize(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MESSAGE_BYTES)
    throw new RangeError(`a message of ${bytes} bytes is too long for the bus; the limit is ${MAX_MESSAGE_BYTES}`);
}

/**
 * Encodes a payload as JSON.
 * @throws RangeError if it is too long for a bus message
 */
export function encodePayload(payload: object): string {
  const text = JSON.stringify(payload);
  assertMessageSize(text);
  return text;
}
