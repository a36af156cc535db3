import type { ServerEntry } from './client-format.js';

/**
 * The address by which Visual Studio Code adds a server: one JSON text, with its name, its settings as `mcp.json` has them, and
 * the prompts for its secrets. https://code.visualstudio.com/api/extension-guides/ai/mcp#create-an-mcp-installation-url
 */
export function vscodeLink({ name }: ServerEntry, settings: object, inputs: readonly object[]): string {
  return `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, ...settings, inputs }))}`;
}

/** The address by which Cursor adds a server: its settings as `mcp.json` has them, in Base64. https://cursor.com/docs/mcp/install-links */
export function cursorLink({ name }: ServerEntry, settings: object): string {
  const config = Buffer.from(JSON.stringify(settings)).toString('base64');
  return `cursor://anysphere.cursor-deeplink/mcp/install?${new URLSearchParams({ name, config }).toString()}`;
}
