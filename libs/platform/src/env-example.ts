import { SETTINGS_TABLE, type SettingRow } from './settings-table.js';

const HEAD = [
  'Every setting of Lethe. All are optional. The values are the defaults; a setting in a comment has no default or a derived one.',
  'Made of libs/platform/src/settings-table.ts: `npm run env` writes it anew, and a test compares the two.',
];
const WIDTH = 118;

/** The text of `.env.example`. */
export function envExample(): string {
  const groups = Map.groupBy(SETTINGS_TABLE, ({ group }) => group);
  const blocks = [HEAD.map(comment), ...[...groups.values()].map((rows) => rows.flatMap(linesOf))];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function linesOf({ variable, about, fallback, example = '' }: SettingRow): string[] {
  const line = fallback === undefined ? comment(`${variable}=${example}`) : `${variable}=${fallback}`;
  return [...wrapped(about).map(comment), line];
}

function comment(text: string): string {
  return `# ${text}`;
}

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length < WIDTH) lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
