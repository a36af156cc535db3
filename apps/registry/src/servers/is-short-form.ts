import { ValidateBy } from 'class-validator';
import { isHeaderName } from '@lethe/mcp';
import { REFERENCE } from '../rows/reference.js';

const MAX_HEADERS = 64;

/** The schema of what `IsShortForm` accepts. */
export const SHORT_FORM_SCHEMA = {
  type: 'object',
  description: 'Maps a header of upstreams to the gateway (id or slug) that gets it when clients send its short form',
  maxProperties: MAX_HEADERS,
  propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^`|~-]{1,64}$" },
  additionalProperties: { type: 'string', pattern: REFERENCE.source },
} as const;

/** Validates an object that maps header names to references of gateways. */
export function IsShortForm(): PropertyDecorator {
  const validate = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    const entries = Object.entries(value);
    const isEntry = ([header, ref]: [string, unknown]) =>
      isHeaderName(header) && typeof ref === 'string' && REFERENCE.test(ref);
    return entries.length <= MAX_HEADERS && entries.every(isEntry);
  };
  return ValidateBy({ name: 'isShortForm', validator: { validate } });
}
