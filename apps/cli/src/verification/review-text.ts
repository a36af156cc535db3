import type { VerificationResponse } from '../registry/responses.js';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['drift', 'it differs from what serves'],
  ['authorization_server_changed', 'people would log in elsewhere for it'],
  ['hidden_text', 'characters in it are hidden from people'],
]);

/** Explains why a result waits for a review. */
export function reviewReasonText(why = ''): string {
  return REASONS.get(why) ?? why;
}

/** Says that a result waits for a review, why, and how to go on; nothing if it does not wait. */
export function reviewText({ review }: VerificationResponse, slug: string): string[] {
  if (!review) return [];
  return [
    `The result does not serve yet, it waits for your review: ${reviewReasonText(review.why)}.`,
    `Next: lethe review ${slug}`,
  ];
}
