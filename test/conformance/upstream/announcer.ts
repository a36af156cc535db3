/** Tells every listener of an upstream that one of its lists changed. */
export interface Announcer {
  toolsChanged(): void;
  promptsChanged(): void;
  resourceUpdated(uri: string): void;
}
