/** Tells one listener what happens, also what happened before it listened. */
export class Told<News extends unknown[]> {
  private listener: ((...news: News) => void) | undefined;
  private readonly untold: News[] = [];

  listen(listener: (...news: News) => void): void {
    this.listener = listener;
    for (const news of this.untold.splice(0)) listener(...news);
  }

  tell(...news: News): void {
    if (this.listener) this.listener(...news);
    else this.untold.push(news);
  }
}
