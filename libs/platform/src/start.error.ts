/** An error that stops the start. Its message is safe to show: it names settings and rules, never a value. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
