/** What kept a scene from being played to its end, which many scenes want. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}
