/** Why a start can't go on, in a line that is safe to show: it names settings and rules, never a value of a credential. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
