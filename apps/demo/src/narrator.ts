const WIDTH = 92;

/** Prints the steps of the demo. */
export class Narrator {
  private steps = 0;

  constructor(private readonly say: (line: string) => void) {}

  title(text: string): void {
    this.say(`\n${text}\n${'='.repeat(text.length)}`);
  }

  /**
   * Runs one numbered step and prints its title, its duration and what `work` shows.
   * @throws StepFailed when the step fails
   */
  async step<T>(title: string, work: (show: (line: string) => void) => Promise<T> | T): Promise<T> {
    this.steps += 1;
    const head = `${String(this.steps).padStart(2)}  ${title}`;
    const lines: string[] = [];
    const startedAt = performance.now();
    try {
      const result = await work((line) => lines.push(...line.split('\n')));
      const seconds = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
      this.say(`\n${head} ${'.'.repeat(Math.max(2, WIDTH - head.length - seconds.length))} ${seconds}`);
      return result;
    } catch (error) {
      this.say(`\n${head} ... FAILED`);
      lines.push(error instanceof Error ? error.message : String(error));
      throw new StepFailed(title);
    } finally {
      for (const line of lines) this.say(`      ${line}`);
    }
  }

  print(text: string): void {
    for (const line of text.split('\n')) this.say(line === '' ? '' : `    ${line}`);
  }
}

/** A step failed. The narrator has already printed why. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}
