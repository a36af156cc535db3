import { LetheError } from '@lethe/platform';

/**
 * The time that a field names; null and undefined stay what they are.
 * @throws LetheError `invalid_request` for a time that has passed
 */
export function futureTime(field: string, text: string | null | undefined): Date | null | undefined {
  if (text === null || text === undefined) return text;
  const time = new Date(text);
  if (time.getTime() > Date.now()) return time;
  throw new LetheError('invalid_request', { errors: [{ field, rule: 'in_future' }] });
}
