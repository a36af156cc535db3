/** The current time in epoch seconds, as JWTs and sealed tokens have it. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
