import { ValidateBy } from 'class-validator';

/** A point in time by RFC 3339, section 5.6, which is the format `date-time` of JSON Schema. */
const DATE_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Validates a date with time and offset: `2027-01-31T12:00:00Z`. */
export function IsDateTime(): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'string' && DATE_TIME.test(value) && !Number.isNaN(Date.parse(value)) && isDay(value.slice(0, 10));
  return ValidateBy({ name: 'isDateTime', validator: { validate } });
}

/** `Date` takes the 31st of any month for a day. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
