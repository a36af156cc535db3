import { showHidden } from '@lethe/mcp';

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** What JSON text may contain unescaped although it hides or controls something; its own line ends may stay. */
const UNESCAPED_IN_JSON = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Writes characters that control a terminal, or that hide or reorder text, as `\u{202e}`. Use it for all text from outside.
 * What writing needs stays: the parts of an emoji, joiners between letters.
 */
export function printable(text: string): string {
  return showHidden(text).replace(CONTROLS, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** The same JSON in which such characters are escaped. */
export function printableJson(json: string): string {
  return json.replace(UNESCAPED_IN_JSON, (character) =>
    // By UTF-16 code units, as JSON writes escapes.
    Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at))}`).join(''),
  );
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, '0');
}

/** Formats rows as aligned columns, two spaces apart. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of shown) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return shown.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
