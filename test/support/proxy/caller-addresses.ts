let addresses = 0;

/** Settings of proxies that believe `fromSomewhere`. */
export const BELIEVES_FORWARDED = { LETHE_TRUSTED_PROXIES: '127.0.0.0/8' };

/** A header that says that a request comes from another address each time: one that guesses keys has to wait. */
export function fromSomewhere(): { 'x-forwarded-for': string } {
  addresses += 1;
  return { 'x-forwarded-for': `198.18.${addresses >> 8}.${addresses & 255}` };
}
