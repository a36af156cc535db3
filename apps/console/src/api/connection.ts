import { useSyncExternalStore } from 'react';

/** Whether the registry answers: `live` with a stream of events, `polling` without one, `lost` when requests fail. */
export type Connection = 'live' | 'polling' | 'lost';

interface State {
  stream: boolean;
  answers: boolean;
}

let state: State = { stream: false, answers: true };
const listeners = new Set<() => void>();

function change(next: Partial<State>): void {
  const changed = { ...state, ...next };
  if (changed.stream === state.stream && changed.answers === state.answers) return;
  state = changed;
  for (const listener of listeners) listener();
}

/** The registry has answered, also with a refusal. */
export function noteAnswer(): void {
  change({ answers: true });
}

/** The registry could not be reached. */
export function noteSilence(): void {
  change({ answers: false });
}

/** The stream of events is open or not. */
export function noteStream(isOpen: boolean): void {
  change(isOpen ? { stream: true, answers: true } : { stream: false });
}

/** Calls `listener` at each change. @returns ends it */
function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How the registry is reached now. */
export function connection(): Connection {
  if (!state.answers) return 'lost';
  return state.stream ? 'live' : 'polling';
}

/** How the registry is reached now, for a component. */
export function useConnection(): Connection {
  return useSyncExternalStore(onConnection, connection);
}
