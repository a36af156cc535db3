import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../processes.js';

/** The text of a page of docs/operations. */
export function operationsPage(name: string): string {
  return readFileSync(join(ROOT, 'docs/operations', `${name}.md`), 'utf8');
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => {
    return title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  });
}

/** The shell commands of a page by their title, the comment in their first line. */
export function shellBlocks(text: string): Map<string, string> {
  const blocks = [...text.matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(([, block = '']) => block);
  return new Map(
    blocks.map((block) => {
      const title = /^# (.*)\n/.exec(block)?.[1];
      if (title === undefined)
        throw new Error(`these commands have no title, by which a test could run them: ${block}`);
      return [title, block];
    }),
  );
}
