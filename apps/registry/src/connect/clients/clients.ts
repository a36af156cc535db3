import { AGENTS } from './agents.js';
import type { ClientFormat } from './client-format.js';
import { EDITORS } from './editors.js';
import { PROGRAMS } from './programs.js';

/** Every client whose configuration is known. `npm run lab:clients` gives these configurations to the real programs. */
export const CLIENTS: readonly ClientFormat[] = [...AGENTS, ...EDITORS, ...PROGRAMS];

/** The client with this id. */
export function clientOf(id: string): ClientFormat | undefined {
  return CLIENTS.find((client) => client.id === id);
}
